CREATE OR REPLACE PROCEDURE lock_tables(VARIADIC locks text[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $procedure$
DECLARE
    -- PostgreSQL looks for deadlocks when a session has waited for deadlock_timeout. Whoever waits
    -- for the first of these locks began to wait after it was granted, so a session that gives up
    -- within that time is the one to yield: nobody else becomes the victim of a deadlock.
    patience CONSTANT interval := 0.8 * current_setting('deadlock_timeout')::interval;
    first_granted timestamptz;
    wanted text;
    remaining interval;
BEGIN
    FOREACH wanted IN ARRAY locks || NULL::text LOOP
        remaining := patience - coalesce(clock_timestamp() - first_granted, '0');
        PERFORM set_config('lock_timeout',
                           ceil(greatest(1, 1000 * extract(epoch FROM remaining)))::text, true);
        IF wanted IS NOT NULL THEN
            EXECUTE 'LOCK TABLE ONLY ' || wanted;
            first_granted := coalesce(first_granted, clock_timestamp());
        END IF;
    END LOOP;
END
$procedure$;

REVOKE ALL ON PROCEDURE lock_tables(text[]) FROM PUBLIC;

COMMENT ON PROCEDURE lock_tables(text[]) IS
'Takes locks such as ''public.users IN SHARE MODE'' one after the other, all within less than '
'deadlock_timeout, and leaves lock_timeout at what remains of that until the end of the '
'transaction.';
