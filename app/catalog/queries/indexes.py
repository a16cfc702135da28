"""Indexes: those that back no constraint, all after the table's name; properties of them all."""

# The full text says ON ONLY for a partitioned table and would recreate it without its partitions,
# so the beginning, which is known to the letter, is left out. What stands in no definition of an
# index, or of the constraint that it backs, is a property.
QUERY = """
WITH own AS (
    SELECT pg_index.*, relation.relname AS relation, relation.relkind AS kind_of_relation,
           ind.relname AS index, ind.relkind, ind.reltablespace, ind.reloptions,
           constraint_of.oid AS constraint
    FROM pg_index JOIN pg_class AS ind ON ind.oid = indexrelid
         JOIN pg_class AS relation ON relation.oid = indrelid
         LEFT JOIN pg_constraint AS constraint_of ON conindid = indexrelid
                   AND contype IN ('p', 'u', 'x')
    WHERE indrelid = ANY (CAST(:relations AS oid[]))
)
SELECT 'index', relation, index,
       CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END
       || substr(pg_get_indexdef(indexrelid, 0, true), 1 + length(concat_ws(' ',
              'CREATE', CASE WHEN indisunique THEN 'UNIQUE' END, 'INDEX', quote_ident(index),
              'ON', CASE WHEN relkind = 'I' THEN 'ONLY' END, indrelid::regclass, '')))
       || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END,
       obj_description(indexrelid, 'pg_class')
FROM own WHERE "constraint" IS NULL
UNION ALL
SELECT 'index parameter', relation, index || '.' || option_name, option_value, NULL
FROM own, pg_options_to_table(reloptions)
WHERE "constraint" IS NOT NULL
UNION ALL
SELECT 'index property', relation, index || '.' || property, value, NULL
FROM own, LATERAL (
    SELECT 'tablespace', quote_ident(spcname)
    FROM pg_tablespace AS space WHERE space.oid = reltablespace
    UNION ALL
    SELECT 'statistics ' || attnum, attstattarget::text
    FROM pg_attribute WHERE attrelid = indexrelid AND attstattarget >= 0
    UNION ALL
    SELECT 'validity', 'INVALID' WHERE "constraint" IS NOT NULL AND NOT indisvalid
    UNION ALL
    SELECT 'comment', obj_description(indexrelid, 'pg_class') WHERE "constraint" IS NOT NULL
) AS properties (property, value)
WHERE value IS NOT NULL
"""
