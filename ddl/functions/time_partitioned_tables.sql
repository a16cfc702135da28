-- The function time_partitioned_tables().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION time_partitioned_tables(
    OUT parent regclass, OUT partition_key name, OUT default_partition regclass
) RETURNS SETOF record
LANGUAGE sql STABLE
AS $function$
    SELECT relation.oid, attname, nullif(partdefid, 0)
    FROM pg_partitioned_table
         JOIN pg_class AS relation ON relation.oid = partrelid
         JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0]
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
          AND NOT relispartition
          AND partstrat = 'r'
          AND partnatts = 1
          AND atttypid = 'timestamptz'::regtype
    ORDER BY relname
$function$;

COMMENT ON FUNCTION time_partitioned_tables() IS
'The tables of the current schema that are partitioned by range of one timestamptz column, with '
'their DEFAULT partition, NULL where that is missing.';
