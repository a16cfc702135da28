-- The function warn_of_skipped_tables().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION warn_of_skipped_tables() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
    each record;
    left_alone integer := 0;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    FOR each IN EXECUTE format(
        'SELECT relname, own, skipped'
        ' FROM %s.all_time_partitioned_tables() JOIN pg_class ON pg_class.oid = parent'
        ' WHERE skipped IS NOT NULL',
        (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine))
    LOOP
        RAISE WARNING '%: left alone: %', each.relname, each.skipped;
        left_alone := left_alone + each.own::integer;
    END LOOP;
    RETURN left_alone;
END
$function$;

REVOKE ALL ON FUNCTION warn_of_skipped_tables() FROM PUBLIC;

COMMENT ON FUNCTION warn_of_skipped_tables() IS
'Says which tables are left alone and why, and returns how many of them are the routines'' own '
'owner''s.';
