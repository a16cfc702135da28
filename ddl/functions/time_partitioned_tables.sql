-- The function time_partitioned_tables().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION time_partitioned_tables(
    OUT parent regclass, OUT partition_key name, OUT default_partition regclass
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    RETURN QUERY EXECUTE format(
        'SELECT parent, partition_key, default_partition FROM %s.all_time_partitioned_tables()'
        ' WHERE skipped IS NULL',
        (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine));
END
$function$;

COMMENT ON FUNCTION time_partitioned_tables() IS
'The tables that the routines look after, with their partition key and DEFAULT partition, NULL '
'where that is missing.';
