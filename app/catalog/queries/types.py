"""Enum, composite, range and base types, and domains."""

from .names import function

QUERY = f"""
WITH own AS (
    SELECT * FROM pg_type
    WHERE typnamespace = :namespace
          AND (typtype IN ('e', 'r', 'd')
               OR typtype = 'c' AND EXISTS (SELECT FROM pg_class
                                            WHERE pg_class.oid = typrelid AND relkind = 'c')
               OR typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type AS element
                                                WHERE element.typarray = pg_type.oid)
               OR typtype = 'p' AND NOT typisdefined)
          AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass
                          AND objid = pg_type.oid AND deptype = 'e')
), attribute AS (
    SELECT own.oid AS type, typname, pg_attribute.*
    FROM own JOIN pg_attribute ON attrelid = typrelid
    WHERE typtype = 'c' AND attnum > 0 AND NOT attisdropped
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
           FROM attribute JOIN pg_type AS base ON base.oid = atttypid
           WHERE type = own.oid), '') || ')'
       WHEN 'r' THEN (SELECT 'AS RANGE (' || concat_ws(', ',
                 'SUBTYPE = ' || format_type(rngsubtype, NULL),
                 'SUBTYPE_OPCLASS = ' || (SELECT quote_ident(opcname) FROM pg_opclass
                                          WHERE pg_opclass.oid = rngsubopc),
                 'COLLATION = ' || nullif(rngcollation, 0)::regcollation,
                 'CANONICAL = ' || {function("rngcanonical")},
                 'SUBTYPE_DIFF = ' || {function("rngsubdiff")},
                 'MULTIRANGE_TYPE_NAME = ' || format_type(rngmultitypid, NULL)) || ')'
             FROM pg_range WHERE rngtypid = own.oid)
       -- A shell, which CREATE TYPE makes of a name alone.
       WHEN 'p' THEN ''
       ELSE '(' || concat_ws(', ',
                 'INPUT = ' || {function("typinput")}, 'OUTPUT = ' || {function("typoutput")},
                 'RECEIVE = ' || {function("typreceive")}, 'SEND = ' || {function("typsend")},
                 'TYPMOD_IN = ' || {function("typmodin")},
                 'TYPMOD_OUT = ' || {function("typmodout")},
                 'ANALYZE = ' || {function("typanalyze")},
                 'SUBSCRIPT = ' || {function("typsubscript")},
                 'INTERNALLENGTH = ' || CASE typlen WHEN -1 THEN 'VARIABLE' ELSE typlen::text END,
                 CASE WHEN typbyval THEN 'PASSEDBYVALUE' END,
                 'ALIGNMENT = ' || typalign::text, 'STORAGE = ' || typstorage::text,
                 'CATEGORY = ' || quote_literal(typcategory::text),
                 CASE WHEN typispreferred THEN 'PREFERRED' END,
                 'DEFAULT = ' || quote_literal(typdefault),
                 'ELEMENT = ' || nullif(typelem, 0)::regtype,
                 'DELIMITER = ' || quote_literal(typdelim::text),
                 'COLLATABLE = ' || (typcollation <> 0)) || ')'
       END,
       obj_description(own.oid, 'pg_type')
FROM own WHERE typtype <> 'd'
UNION ALL
SELECT 'column comment', typname, attname, col_description(attrelid, attnum), NULL
FROM attribute WHERE col_description(attrelid, attnum) IS NOT NULL
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
"""  # noqa: S608 fixed text
