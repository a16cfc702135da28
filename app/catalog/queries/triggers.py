"""Triggers and rules, and whether they are enabled."""

QUERY = """
SELECT 'trigger', relname, tgname, pg_get_triggerdef(trg.oid, true),
       obj_description(trg.oid, 'pg_trigger')
FROM pg_trigger AS trg JOIN pg_class AS relation ON relation.oid = tgrelid
WHERE tgrelid = ANY (CAST(:relations AS oid[])) AND NOT tgisinternal AND tgparentid = 0
UNION ALL
SELECT 'rule', relname, rulename, rtrim(pg_get_ruledef(rule.oid, true), ';'),
       obj_description(rule.oid, 'pg_rewrite')
FROM pg_rewrite AS rule JOIN pg_class AS relation ON relation.oid = ev_class
WHERE ev_class = ANY (CAST(:relations AS oid[])) AND rulename <> '_RETURN'
UNION ALL
SELECT kind, relname, name, CASE state WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                       ELSE 'ENABLE ALWAYS' END, NULL
FROM (SELECT 'trigger state' AS kind, tgrelid AS owner, tgname AS name, tgenabled AS state
      FROM pg_trigger WHERE tgrelid = ANY (CAST(:relations AS oid[])) AND NOT tgisinternal
      UNION ALL
      SELECT 'rule state', ev_class, rulename, ev_enabled
      FROM pg_rewrite WHERE ev_class = ANY (CAST(:relations AS oid[])) AND rulename <> '_RETURN'
     ) AS enabled JOIN pg_class ON pg_class.oid = owner
WHERE state <> 'O'
UNION ALL
-- ALTER TABLE ... DISABLE TRIGGER ALL switches foreign keys off as well
SELECT 'foreign key triggers', relname, 'all', 'DISABLED', NULL
FROM pg_class WHERE oid IN (SELECT tgrelid FROM pg_trigger
                            WHERE tgrelid = ANY (CAST(:relations AS oid[]))
                                  AND tgisinternal AND tgenabled <> 'O')
"""
