"""Operators, their classes and families; casts and transforms."""

from .names import function

_OWN = """NOT EXISTS (SELECT FROM pg_depend WHERE classid = '{}'::regclass
                      AND objid = thing.oid AND deptype IN ('e', 'i'))"""

KEYS = ("pg_operator.oid", "pg_opclass.oid", "pg_opfamily.oid", "pg_cast.oid", "pg_transform.oid")
QUERY = f"""
SELECT 'operator', NULL, thing.oid::regoperator::text,
       '(' || concat_ws(', ',
           'FUNCTION = ' || {function("oprcode")},
           (SELECT 'COMMUTATOR = ' || oprname FROM pg_operator AS other
            WHERE other.oid = thing.oprcom),
           (SELECT 'NEGATOR = ' || oprname FROM pg_operator AS other
            WHERE other.oid = thing.oprnegate),
           'RESTRICT = ' || {function("oprrest")},
           'JOIN = ' || {function("oprjoin")},
           CASE WHEN oprcanhash THEN 'HASHES' END,
           CASE WHEN oprcanmerge THEN 'MERGES' END) || ')',
       obj_description(thing.oid, 'pg_operator')
FROM pg_operator AS thing
WHERE oprnamespace = :namespace AND {_OWN.format("pg_operator")}
UNION ALL
SELECT 'operator class', NULL, quote_ident(opcname) || ' USING ' || quote_ident(amname),
       CASE WHEN opcdefault THEN 'DEFAULT ' ELSE '' END || 'FOR TYPE ' || opcintype::regtype
       || ' FAMILY ' || quote_ident(opfname)
       || coalesce(' STORAGE ' || nullif(opckeytype, 0)::regtype, ''),
       obj_description(thing.oid, 'pg_opclass')
FROM pg_opclass AS thing JOIN pg_am ON pg_am.oid = opcmethod
     JOIN pg_opfamily AS family ON family.oid = opcfamily
WHERE opcnamespace = :namespace AND {_OWN.format("pg_opclass")}
UNION ALL
SELECT 'operator family', NULL, quote_ident(opfname) || ' USING ' || quote_ident(amname),
       concat_ws(', ',
           (SELECT string_agg(format('OPERATOR %s %s', amopstrategy, amopopr::regoperator)
                              || coalesce((SELECT ' FOR ORDER BY ' || opfname
                                           FROM pg_opfamily AS sorting
                                           WHERE sorting.oid = amopsortfamily), ''), ', '
                              ORDER BY amopstrategy, amoplefttype::regtype::text,
                                       amoprighttype::regtype::text)
            FROM pg_amop WHERE amopfamily = thing.oid),
           (SELECT string_agg(format('FUNCTION %s (%s,%s) %s', amprocnum, amproclefttype::regtype,
                                     amprocrighttype::regtype, {function("amproc")}), ', '
                              ORDER BY amprocnum, amproclefttype::regtype::text,
                                       amprocrighttype::regtype::text)
            FROM pg_amproc WHERE amprocfamily = thing.oid)),
       obj_description(thing.oid, 'pg_opfamily')
FROM pg_opfamily AS thing JOIN pg_am ON pg_am.oid = opfmethod
WHERE opfnamespace = :namespace AND {_OWN.format("pg_opfamily")}
UNION ALL
SELECT 'cast', NULL, format('(%s AS %s)', castsource::regtype, casttarget::regtype),
       CASE castmethod WHEN 'f' THEN 'WITH FUNCTION ' || castfunc::regprocedure
                       WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END
       || CASE castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' ELSE '' END,
       obj_description(thing.oid, 'pg_cast')
FROM pg_cast AS thing
WHERE {_OWN.format("pg_cast")}
      AND (EXISTS (SELECT FROM pg_type WHERE pg_type.oid IN (castsource, casttarget)
                   AND typnamespace = :namespace)
           OR EXISTS (SELECT FROM pg_proc WHERE pg_proc.oid = castfunc
                      AND pronamespace = :namespace))
UNION ALL
SELECT 'transform', NULL, format('FOR %s LANGUAGE %I', trftype::regtype, lanname),
       '(' || concat_ws(', ', 'FROM SQL WITH FUNCTION ' || nullif(trffromsql, 0)::regprocedure,
                        'TO SQL WITH FUNCTION ' || nullif(trftosql, 0)::regprocedure) || ')',
       obj_description(thing.oid, 'pg_transform')
FROM pg_transform AS thing JOIN pg_language ON pg_language.oid = trflang
WHERE {_OWN.format("pg_transform")}
      AND (EXISTS (SELECT FROM pg_type WHERE pg_type.oid = trftype AND typnamespace = :namespace)
           OR EXISTS (SELECT FROM pg_proc WHERE pg_proc.oid IN (trffromsql, trftosql)
                      AND pronamespace = :namespace))
"""  # noqa: S608 fixed text
