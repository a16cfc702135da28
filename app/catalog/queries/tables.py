"""Tables: partition key, persistence, parameters, row security, replica identity, partitions."""

# A partition is no table of its own here: the relations come without them.
QUERY = """
WITH relation AS (SELECT * FROM pg_class WHERE oid = ANY (CAST(:relations AS oid[])))
SELECT 'table', NULL, relname,
       CASE relkind WHEN 'f' THEN 'FOREIGN ' ELSE '' END || 'TABLE'
       || coalesce(' OF ' || nullif(reloftype, 0)::regtype, '')
       || coalesce((SELECT ' INHERITS (' || string_agg(inhparent::regclass::text, ', '
                           ORDER BY inhseqno) || ')'
                    FROM pg_inherits WHERE inhrelid = oid), '')
       || coalesce(' PARTITION BY ' || pg_get_partkeydef(oid), '')
       || coalesce((SELECT ' SERVER ' || quote_ident(srvname)
                           || coalesce((SELECT ' OPTIONS (' || string_agg(
                                            quote_ident(option_name) || ' '
                                            || quote_literal(option_value), ', '
                                            ORDER BY option_name) || ')'
                                        FROM pg_options_to_table(ftoptions)), '')
                    FROM pg_foreign_table JOIN pg_foreign_server AS server
                         ON server.oid = ftserver
                    WHERE ftrelid = relation.oid), ''),
       obj_description(oid, 'pg_class')
FROM relation WHERE relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'table property', relname, property, value, NULL
FROM relation, LATERAL (VALUES
    ('persistence', CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END),
    ('row security', CASE WHEN relrowsecurity THEN 'ENABLE' END),
    ('forced row security', CASE WHEN relforcerowsecurity THEN 'FORCE' END),
    ('replica identity', CASE relreplident
        WHEN 'f' THEN 'FULL'
        WHEN 'n' THEN CASE WHEN relkind IN ('r', 'p') THEN 'NOTHING' END
        WHEN 'i' THEN (SELECT 'USING INDEX ' || indexrelid::regclass
                       FROM pg_index WHERE indrelid = oid AND indisreplident) END),
    ('tablespace', (SELECT quote_ident(spcname) FROM pg_tablespace AS space
                    WHERE space.oid = reltablespace)),
    ('access method', (SELECT quote_ident(amname) FROM pg_am AS method
                       WHERE method.oid = relam AND amname <> 'heap')),
    ('clustered on', (SELECT indexrelid::regclass::text
                      FROM pg_index WHERE indrelid = oid AND indisclustered))
) AS properties (property, value)
WHERE relkind IN ('r', 'p', 'f', 'm') AND value IS NOT NULL
UNION ALL
SELECT 'storage parameter', relname, prefix || option_name, option_value, NULL
FROM (SELECT relname, '' AS prefix, reloptions FROM relation
      UNION ALL
      SELECT relation.relname, 'toast.', toast.reloptions
      FROM relation JOIN pg_class AS toast ON toast.oid = relation.reltoastrelid
     ) AS optioned, pg_options_to_table(reloptions)
UNION ALL
SELECT 'default partition', relname, 'DEFAULT', quote_ident((
           SELECT relname FROM pg_class AS partition WHERE partition.oid = partdefid)), NULL
FROM relation JOIN pg_partitioned_table ON partrelid = oid
WHERE partdefid <> 0
"""
