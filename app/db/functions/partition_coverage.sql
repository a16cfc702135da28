CREATE OR REPLACE FUNCTION partition_coverage(of_table regclass) RETURNS tstzmultirange
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
    coverage tstzmultirange;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    EXECUTE format('SELECT range_agg(tstzrange(lower_bound, upper_bound)) FROM %s.partitions_of($1)',
                   (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine))
    INTO coverage USING of_table;
    RETURN coalesce(coverage, '{}');
END
$function$;

COMMENT ON FUNCTION partition_coverage(regclass) IS
'The time for which the table has partitions other than DEFAULT.';
