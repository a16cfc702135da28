"""Columns: type, nullability, default, identity, generated expression, storage; not their order."""

# NOT NULL has a name of its own since PostgreSQL 18, which counts as little as an owner's does.
QUERY = """
WITH relation AS (
    SELECT * FROM pg_class
    WHERE oid = ANY (CAST(:relations AS oid[])) AND relkind IN ('r', 'p', 'f', 'm')
), attribute AS (
    SELECT relname, relkind, pg_attribute.*, typstorage, typcollation,
           pg_get_expr(adbin, adrelid) AS expression
    FROM relation JOIN pg_attribute ON attrelid = relation.oid
         JOIN pg_type ON pg_type.oid = atttypid
         LEFT JOIN pg_attrdef ON adrelid = relation.oid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
), identity AS (
    SELECT attribute.*, pg_sequence.*, pg_class.relname AS sequence, relpersistence AS persistence
    FROM attribute JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = attrelid
         AND refobjsubid = attnum AND classid = 'pg_class'::regclass AND deptype = 'i'
         JOIN pg_sequence ON seqrelid = objid
         JOIN pg_class ON pg_class.oid = seqrelid
    WHERE attidentity <> ''
)
(SELECT 'column', relname, attname,
        format_type(atttypid, atttypmod)
        || CASE WHEN attcollation <> typcollation
                THEN ' COLLATE ' || attcollation::regcollation ELSE '' END,
        col_description(attrelid, attnum)
 FROM attribute WHERE relkind <> 'm' ORDER BY attrelid, attnum)
UNION ALL
SELECT 'not null', relname, attname,
       'NOT NULL' || CASE WHEN connoinherit THEN ' NO INHERIT' ELSE '' END
       || CASE WHEN NOT convalidated THEN ' NOT VALID' ELSE '' END,
       NULL
FROM attribute LEFT JOIN pg_constraint ON conrelid = attrelid AND contype = 'n'
     AND conkey = ARRAY[attnum]
WHERE attnotnull
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
FROM identity
UNION ALL
SELECT 'identity sequence', relname, attname, quote_ident(sequence), NULL FROM identity
UNION ALL
SELECT 'identity sequence property', relname, attname || '.' || property, value, NULL
FROM identity, LATERAL (VALUES
    ('comment', obj_description(seqrelid, 'pg_class')),
    ('persistence', CASE persistence WHEN 'u' THEN 'UNLOGGED' END),
    ('type', CASE WHEN seqtypid <> atttypid THEN format_type(seqtypid, NULL) END)
) AS properties (property, value)
WHERE value IS NOT NULL
UNION ALL
SELECT 'column option', relname, attname || '.' || option_name, option_value, NULL
FROM attribute, pg_options_to_table(attfdwoptions)
UNION ALL
SELECT 'column property', relname, attname || '.' || property, value, NULL
FROM attribute, LATERAL (
    VALUES ('storage', CASE WHEN attstorage <> typstorage THEN CASE attstorage
                WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
           ('compression', CASE attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END),
           ('statistics', nullif(attstattarget, -1)::text)
    UNION ALL
    -- What begins with pg_ is PostgreSQL's own bookkeeping: pg_attver since November 2026.
    SELECT option_name, option_value FROM pg_options_to_table(attoptions)
    WHERE NOT starts_with(option_name, 'pg_')
) AS properties (property, value)
WHERE value IS NOT NULL
"""
