"""Views and materialized views."""

QUERY = """
SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, NULL, relname,
       ltrim(rtrim(pg_get_viewdef(oid), ';')), obj_description(oid, 'pg_class')
FROM pg_class
WHERE oid = ANY (CAST(:relations AS oid[])) AND relkind IN ('v', 'm')
UNION ALL
SELECT 'column comment', relname, attname, col_description(attrelid, attnum), NULL
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE pg_class.oid = ANY (CAST(:relations AS oid[])) AND relkind IN ('v', 'm')
      AND attnum > 0 AND col_description(attrelid, attnum) IS NOT NULL
"""
