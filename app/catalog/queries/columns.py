"""Columns: type, nullability, default, identity, generated expression, storage; not their order."""

QUERY = """
WITH relation AS (
    SELECT * FROM pg_class
    WHERE oid = ANY (CAST(:relations AS oid[])) AND relkind IN ('r', 'p', 'f')
), attribute AS (
    SELECT relname, pg_attribute.*, typstorage, typcollation,
           pg_get_expr(adbin, adrelid) AS expression
    FROM relation JOIN pg_attribute ON attrelid = relation.oid
         JOIN pg_type ON pg_type.oid = atttypid
         LEFT JOIN pg_attrdef ON adrelid = relation.oid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
)
(SELECT 'column', relname, attname,
        format_type(atttypid, atttypmod)
        || CASE WHEN attcollation <> typcollation
                THEN ' COLLATE ' || attcollation::regcollation ELSE '' END,
        col_description(attrelid, attnum)
 FROM attribute ORDER BY attrelid, attnum)
UNION ALL
SELECT 'not null', relname, attname,
       'NOT NULL' || CASE WHEN (
           SELECT bool_and(convalidated) FROM pg_constraint
           WHERE conrelid = attrelid AND contype = 'n' AND conkey = ARRAY[attnum]
       ) IS FALSE THEN ' NOT VALID' ELSE '' END,
       NULL
FROM attribute WHERE attnotnull
UNION ALL
SELECT CASE attgenerated WHEN '' THEN 'default' ELSE 'generated expression' END, relname, attname,
       CASE attgenerated WHEN '' THEN expression
            ELSE 'GENERATED ALWAYS AS (' || expression || ') '
                 || CASE attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END END,
       NULL
FROM attribute WHERE expression IS NOT NULL
UNION ALL
SELECT 'identity', relname, attname,
       CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END
       || format(' (INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s)',
                 seqincrement, seqmin, seqmax, seqstart, seqcache,
                 CASE WHEN seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END),
       NULL
FROM attribute JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = attrelid
     AND refobjsubid = attnum AND classid = 'pg_class'::regclass AND deptype = 'i'
     JOIN pg_sequence ON seqrelid = objid
WHERE attidentity <> ''
UNION ALL
SELECT 'column property', relname, attname || '.' || property, value, NULL
FROM attribute, LATERAL (VALUES
    ('storage', CASE WHEN attstorage <> typstorage THEN CASE attstorage
        WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
        WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
    ('compression', CASE attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END),
    ('statistics', nullif(attstattarget, -1)::text),
    ('n_distinct', (SELECT option_value FROM pg_options_to_table(attoptions)
                    WHERE option_name = 'n_distinct')),
    ('n_distinct_inherited', (SELECT option_value FROM pg_options_to_table(attoptions)
                              WHERE option_name = 'n_distinct_inherited'))
) AS properties (property, value)
WHERE value IS NOT NULL
"""
