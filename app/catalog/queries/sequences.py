"""Sequences: what they count, and the column that owns them; not where they stand."""

QUERY = """
SELECT 'sequence', NULL, relname,
       format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s',
              format_type(seqtypid, NULL), seqincrement, seqmin, seqmax, seqstart, seqcache,
              CASE WHEN seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END),
       obj_description(seqrelid, 'pg_class')
FROM pg_sequence JOIN pg_class AS relation ON relation.oid = seqrelid
WHERE seqrelid = ANY (CAST(:relations AS oid[]))
UNION ALL
SELECT 'sequence owner', NULL, relation.relname,
       refobjid::regclass || '.' || quote_ident(attname), NULL
FROM pg_class AS relation JOIN pg_depend ON classid = 'pg_class'::regclass
     AND objid = relation.oid AND refclassid = 'pg_class'::regclass AND deptype = 'a'
     JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
WHERE relation.oid = ANY (CAST(:relations AS oid[])) AND relkind = 'S'
UNION ALL
SELECT 'sequence property', relname, 'persistence', 'UNLOGGED', NULL
FROM pg_class
WHERE oid = ANY (CAST(:relations AS oid[])) AND relkind = 'S' AND relpersistence = 'u'
"""
