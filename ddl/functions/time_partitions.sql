-- The function time_partitions().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION time_partitions(
    OUT parent regclass, OUT partition regclass,
    OUT lower_bound timestamptz, OUT upper_bound timestamptz
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    RETURN QUERY EXECUTE format(
        'SELECT tables.parent, partitions.*'
        ' FROM %1$s.time_partitioned_tables() AS tables, %1$s.partitions_of(parent) AS partitions',
        (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine));
END
$function$;

COMMENT ON FUNCTION time_partitions() IS
'The partitions, other than DEFAULT, of the tables that time_partitioned_tables() lists; MINVALUE '
'and MAXVALUE are infinite bounds.';
