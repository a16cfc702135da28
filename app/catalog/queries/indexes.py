"""Indexes that back no constraint: all after the table's name, and validity."""

# The full text says ON ONLY for a partitioned table and would recreate it without its partitions,
# so the beginning, which is known to the letter, is left out.
QUERY = """
SELECT 'index', relation.relname, ind.relname,
       CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END
       || substr(pg_get_indexdef(indexrelid, 0, true), 1 + length(concat_ws(' ',
              'CREATE', CASE WHEN indisunique THEN 'UNIQUE' END, 'INDEX', quote_ident(ind.relname),
              'ON', CASE WHEN ind.relkind = 'I' THEN 'ONLY' END, indrelid::regclass, '')))
       || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END,
       obj_description(indexrelid, 'pg_class')
FROM pg_index JOIN pg_class AS ind ON ind.oid = indexrelid
     JOIN pg_class AS relation ON relation.oid = indrelid
WHERE indrelid = ANY (CAST(:relations AS oid[]))
      AND NOT EXISTS (SELECT FROM pg_constraint
                      WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
"""
