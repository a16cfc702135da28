CREATE OR REPLACE FUNCTION ensure_tasks(
    months_ahead integer, as_of timestamptz, most_rows integer
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- The month becomes a literal.
SET DateStyle TO 'ISO'
AS $function$
DECLARE
    this_month CONSTANT date := date_trunc('month', as_of AT TIME ZONE 'UTC');
    routine oid;
    here regnamespace;
    state jsonb;
BEGIN
    IF (months_ahead >= 0 AND isfinite(this_month)) IS NOT TRUE THEN
        RAISE EXCEPTION 'no number of months, 0 or more, from a finite time'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was created.';
    ELSIF (most_rows >= 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'no number of rows, 0 or more'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was created.';
    END IF;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT jsonb_build_object(
            'created', 0, 'moved', 0, 'failed', %1$s.warn_of_skipped_tables(), 'tasks', ARRAY(
            SELECT jsonb_build_object(
                'statement', format(
                    'SELECT %%s.months_without_partition(%%L::oid::regclass, %%L::date, %%s, %%s)',
                    $1, parent::oid, $2, $3, $4),
                'purpose', format('%%s: its DEFAULT partition was not looked at', relname))
            FROM %1$s.time_partitioned_tables() JOIN pg_class ON pg_class.oid = parent))
    $query$, here) INTO state USING here, this_month, months_ahead, most_rows;
    RETURN state;
END
$function$;

REVOKE ALL ON FUNCTION ensure_tasks(integer, timestamptz, integer) FROM PUBLIC;

COMMENT ON FUNCTION ensure_tasks(integer, timestamptz, integer) IS
'What ensure_partitions() begins with, as run_next_task() takes it.';
