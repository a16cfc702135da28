"""Enum, composite and range types, and domains."""

QUERY = """
WITH own AS (
    SELECT * FROM pg_type
    WHERE typnamespace = :namespace
          AND (typtype IN ('e', 'r', 'd')
               OR typtype = 'c' AND EXISTS (SELECT FROM pg_class
                                            WHERE pg_class.oid = typrelid AND relkind = 'c'))
          AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass
                          AND objid = pg_type.oid AND deptype = 'e')
)
SELECT 'type', NULL, typname,
       CASE typtype
       WHEN 'e' THEN 'AS ENUM (' || coalesce((
           SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
           FROM pg_enum WHERE enumtypid = own.oid), '') || ')'
       WHEN 'c' THEN 'AS (' || coalesce((
           SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod)
                             || CASE WHEN attcollation <> base.typcollation
                                     THEN ' COLLATE ' || attcollation::regcollation ELSE '' END,
                             ', ' ORDER BY attnum)
           FROM pg_attribute JOIN pg_type AS base ON base.oid = atttypid
           WHERE attrelid = own.typrelid AND attnum > 0 AND NOT attisdropped), '') || ')'
       ELSE (SELECT 'AS RANGE (' || concat_ws(', ',
                 'SUBTYPE = ' || format_type(rngsubtype, NULL),
                 'SUBTYPE_OPCLASS = ' || (SELECT quote_ident(opcname) FROM pg_opclass
                                          WHERE pg_opclass.oid = rngsubopc),
                 'COLLATION = ' || nullif(rngcollation, 0)::regcollation,
                 'CANONICAL = ' || nullif(rngcanonical, 0)::regproc,
                 'SUBTYPE_DIFF = ' || nullif(rngsubdiff, 0)::regproc,
                 'MULTIRANGE_TYPE_NAME = ' || format_type(rngmultitypid, NULL)) || ')'
             FROM pg_range WHERE rngtypid = own.oid)
       END,
       obj_description(own.oid, 'pg_type')
FROM own WHERE typtype <> 'd'
UNION ALL
SELECT 'domain', NULL, own.typname,
       format_type(own.typbasetype, own.typtypmod)
       || CASE WHEN own.typcollation <> base.typcollation
               THEN ' COLLATE ' || own.typcollation::regcollation ELSE '' END,
       obj_description(own.oid, 'pg_type')
FROM own JOIN pg_type AS base ON base.oid = own.typbasetype
WHERE own.typtype = 'd'
UNION ALL
SELECT 'domain property', typname, property, value, NULL
FROM own, LATERAL (VALUES ('DEFAULT', pg_get_expr(typdefaultbin, 0)),
                          ('NOT NULL', CASE WHEN typnotnull THEN '' END)
                  ) AS properties (property, value)
WHERE typtype = 'd' AND value IS NOT NULL
UNION ALL
SELECT 'domain constraint', typname, conname, pg_get_constraintdef(con.oid),
       obj_description(con.oid, 'pg_constraint')
FROM own JOIN pg_constraint AS con ON contypid = own.oid
WHERE contype = 'c'
"""
