"""Aggregates: all that CREATE AGGREGATE says of one."""

from .names import function

_MODIFY = "CASE {} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END"
# How much a final function may modify its state differs in the default by the kind of aggregate.
_USUAL = "CASE aggkind WHEN 'n' THEN 'r' ELSE 'w' END"

KEYS = ("pg_aggregate.aggfnoid",)
QUERY = f"""
SELECT 'aggregate', NULL,
       quote_ident(proname) || '(' || pg_get_function_identity_arguments(pro.oid) || ')',
       '(' || concat_ws(', ',
           'SFUNC = ' || {function("aggtransfn")},
           'STYPE = ' || aggtranstype::regtype,
           'SSPACE = ' || nullif(aggtransspace, 0),
           'FINALFUNC = ' || {function("aggfinalfn")},
           CASE WHEN aggfinalextra THEN 'FINALFUNC_EXTRA' END,
           CASE WHEN aggfinalfn <> 0 AND aggfinalmodify <> {_USUAL}
                THEN 'FINALFUNC_MODIFY = ' || {_MODIFY.format("aggfinalmodify")} END,
           'COMBINEFUNC = ' || {function("aggcombinefn")},
           'SERIALFUNC = ' || {function("aggserialfn")},
           'DESERIALFUNC = ' || {function("aggdeserialfn")},
           'INITCOND = ' || quote_literal(agginitval),
           'MSFUNC = ' || {function("aggmtransfn")},
           'MINVFUNC = ' || {function("aggminvtransfn")},
           'MSTYPE = ' || nullif(aggmtranstype, 0)::regtype,
           'MSSPACE = ' || nullif(aggmtransspace, 0),
           'MFINALFUNC = ' || {function("aggmfinalfn")},
           CASE WHEN aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
           CASE WHEN aggmfinalfn <> 0 AND aggmfinalmodify <> {_USUAL}
                THEN 'MFINALFUNC_MODIFY = ' || {_MODIFY.format("aggmfinalmodify")} END,
           'MINITCOND = ' || quote_literal(aggminitval),
           (SELECT 'SORTOP = ' || oprname FROM pg_operator AS sorting
            WHERE sorting.oid = aggsortop),
           'PARALLEL = ' || CASE proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED'
                                             ELSE 'UNSAFE' END,
           CASE aggkind WHEN 'h' THEN 'HYPOTHETICAL' END) || ')',
       obj_description(pro.oid, 'pg_proc')
FROM pg_aggregate JOIN pg_proc AS pro ON pro.oid = aggfnoid
WHERE pronamespace = :namespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass
                      AND objid = pro.oid AND deptype IN ('e', 'i'))
"""  # noqa: S608 fixed text
