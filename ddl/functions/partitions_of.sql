-- The function partitions_of().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION partitions_of(
    of_table regclass,
    OUT partition regclass, OUT lower_bound timestamptz, OUT upper_bound timestamptz
) RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path TO pg_catalog, pg_temp
-- Bounds are printed in the session's style, and not every style can be read back.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
    SELECT relation.oid::regclass,
           coalesce(nullif(trim('''' FROM bounds[1]), 'MINVALUE'), '-infinity')::timestamptz,
           coalesce(nullif(trim('''' FROM bounds[2]), 'MAXVALUE'), 'infinity')::timestamptz
    FROM pg_inherits JOIN pg_class AS relation ON relation.oid = inhrelid,
         regexp_match(pg_get_expr(relpartbound, relation.oid),
                      '^FOR VALUES FROM \((.+)\) TO \((.+)\)$') AS bounds
    WHERE inhparent = of_table AND bounds IS NOT NULL
    ORDER BY relation.relname
$function$;

COMMENT ON FUNCTION partitions_of(regclass) IS
'The partitions, other than DEFAULT, of a table that is partitioned by time; MINVALUE and MAXVALUE '
'are infinite bounds.';
