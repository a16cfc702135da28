-- The function time_partitions().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION time_partitions(
    OUT parent regclass, OUT partition regclass,
    OUT lower_bound timestamptz, OUT upper_bound timestamptz
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
-- Bounds are printed in the session's style, and not every style can be read back.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
BEGIN
    RETURN QUERY
    SELECT tables.parent, relation.oid::regclass,
           coalesce(nullif(trim('''' FROM bounds[1]), 'MINVALUE'), '-infinity')::timestamptz,
           coalesce(nullif(trim('''' FROM bounds[2]), 'MAXVALUE'), 'infinity')::timestamptz
    FROM time_partitioned_tables() AS tables
         JOIN pg_inherits ON inhparent = tables.parent
         JOIN pg_class AS relation ON relation.oid = inhrelid,
         regexp_match(pg_get_expr(relpartbound, relation.oid),
                      '^FOR VALUES FROM \((.+)\) TO \((.+)\)$') AS bounds
    WHERE bounds IS NOT NULL
    ORDER BY relation.relname;
END
$function$;

COMMENT ON FUNCTION time_partitions() IS
'The partitions, other than DEFAULT, of the tables that time_partitioned_tables() lists; MINVALUE '
'and MAXVALUE are infinite bounds.';
