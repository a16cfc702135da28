"""Views and materialized views."""

QUERY = """
WITH relation AS (
    SELECT * FROM pg_class
    WHERE oid = ANY (CAST(:relations AS oid[])) AND relkind IN ('v', 'm')
)
SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, NULL, relname,
       ltrim(rtrim(pg_get_viewdef(oid), ';')), obj_description(oid, 'pg_class')
FROM relation
UNION ALL
SELECT 'column comment', relname, attname, col_description(attrelid, attnum), NULL
FROM relation JOIN pg_attribute ON attrelid = relation.oid
WHERE attnum > 0 AND col_description(attrelid, attnum) IS NOT NULL
UNION ALL
SELECT 'view property', relname, 'populated', 'WITH NO DATA', NULL
FROM relation WHERE NOT relispopulated
UNION ALL
SELECT 'view default', relname, attname, pg_get_expr(adbin, adrelid), NULL
FROM relation JOIN pg_attrdef ON adrelid = relation.oid
     JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
"""
