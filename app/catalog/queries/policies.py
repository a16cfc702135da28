"""Row security policies."""

KEYS = ("pg_policy.oid",)
QUERY = """
SELECT 'policy', relname, polname,
       CASE WHEN polpermissive THEN 'AS PERMISSIVE' ELSE 'AS RESTRICTIVE' END
       || ' FOR ' || CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
                                 WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
       || ' TO ' || (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END,
                                       ', ' ORDER BY role::regrole::text)
                     FROM unnest(polroles) AS role)
       || coalesce(' USING (' || pg_get_expr(polqual, polrelid) || ')', '')
       || coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', ''),
       obj_description(policy.oid, 'pg_policy')
FROM pg_policy AS policy JOIN pg_class AS relation ON relation.oid = polrelid
WHERE polrelid = ANY (CAST(:relations AS oid[]))
"""
