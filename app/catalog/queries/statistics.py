"""Extended statistics."""

KEYS = ("pg_statistic_ext.oid",)
# pg_get_statisticsobjdef prints the schema, so the definition is composed from its parts.
QUERY = """
SELECT 'extended statistics', relname, stxname,
       CASE WHEN stxkind = '{e}' THEN ''
            ELSE '(' || (SELECT string_agg(CASE kind WHEN 'd' THEN 'ndistinct'
                                                     WHEN 'f' THEN 'dependencies'
                                                     WHEN 'm' THEN 'mcv' END,
                                           ', ' ORDER BY kind)
                         FROM unnest(stxkind) AS kind WHERE kind <> 'e') || ') ' END
       || 'ON ' || pg_get_statisticsobjdef_columns(stat.oid) || ' FROM ' || stxrelid::regclass,
       obj_description(stat.oid, 'pg_statistic_ext')
FROM pg_statistic_ext AS stat JOIN pg_class AS relation ON relation.oid = stxrelid
WHERE stxrelid = ANY (CAST(:relations AS oid[])) AND stxnamespace = :namespace
UNION ALL
SELECT 'statistics target', relname, stxname, stxstattarget::text, NULL
FROM pg_statistic_ext JOIN pg_class AS relation ON relation.oid = stxrelid
WHERE stxrelid = ANY (CAST(:relations AS oid[])) AND stxnamespace = :namespace
      AND stxstattarget >= 0
"""
