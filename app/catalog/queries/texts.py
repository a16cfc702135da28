"""What becomes of text: collations, conversions, text search."""

from .names import function

_OWN = """NOT EXISTS (SELECT FROM pg_depend WHERE classid = '{}'::regclass
                      AND objid = thing.oid AND deptype = 'e')"""

KEYS = (
    "pg_collation.oid",
    "pg_conversion.oid",
    "pg_ts_config.oid",
    "pg_ts_dict.oid",
    "pg_ts_parser.oid",
    "pg_ts_template.oid",
)
# The locale's column has another name since PostgreSQL 17.
QUERY = f"""
SELECT 'collation', NULL, quote_ident(collname),
       '(' || concat_ws(', ',
           'PROVIDER = ' || CASE collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc'
                                              WHEN 'b' THEN 'builtin' ELSE collprovider::text END,
           'LC_COLLATE = ' || quote_literal(collcollate),
           'LC_CTYPE = ' || quote_literal(collctype),
           'LOCALE = ' || quote_literal(coalesce(to_jsonb(thing) ->> 'colllocale',
                                                 to_jsonb(thing) ->> 'colliculocale')),
           'RULES = ' || quote_literal(collicurules),
           'DETERMINISTIC = ' || collisdeterministic) || ')',
       obj_description(thing.oid, 'pg_collation')
FROM pg_collation AS thing
WHERE collnamespace = :namespace AND {_OWN.format("pg_collation")}
UNION ALL
SELECT 'conversion', NULL, quote_ident(conname),
       CASE WHEN condefault THEN 'DEFAULT ' ELSE '' END
       || format('FOR %L TO %L FROM %s', pg_encoding_to_char(conforencoding),
                 pg_encoding_to_char(contoencoding), {function("conproc")}),
       obj_description(thing.oid, 'pg_conversion')
FROM pg_conversion AS thing
WHERE connamespace = :namespace AND {_OWN.format("pg_conversion")}
UNION ALL
SELECT 'text search configuration', NULL, quote_ident(cfgname),
       concat_ws(', ', '(PARSER = ' || (SELECT quote_ident(prsname) FROM pg_ts_parser AS parser
                                        WHERE parser.oid = cfgparser) || ')',
           (SELECT string_agg(mapping, ', ' ORDER BY mapping) FROM (
                SELECT 'MAPPING FOR ' || alias || ' WITH '
                       || string_agg(mapdict::regdictionary::text, ', ' ORDER BY mapseqno)
                FROM pg_ts_config_map JOIN ts_token_type(cfgparser) ON tokid = maptokentype
                WHERE mapcfg = thing.oid GROUP BY alias) AS mapped (mapping))),
       obj_description(thing.oid, 'pg_ts_config')
FROM pg_ts_config AS thing
WHERE cfgnamespace = :namespace AND {_OWN.format("pg_ts_config")}
UNION ALL
SELECT 'text search dictionary', NULL, quote_ident(dictname),
       '(' || concat_ws(', ', 'TEMPLATE = ' || (SELECT quote_ident(tmplname) FROM pg_ts_template
                                                WHERE pg_ts_template.oid = dicttemplate),
                        dictinitoption) || ')',
       obj_description(thing.oid, 'pg_ts_dict')
FROM pg_ts_dict AS thing
WHERE dictnamespace = :namespace AND {_OWN.format("pg_ts_dict")}
UNION ALL
SELECT 'text search parser', NULL, quote_ident(prsname),
       '(' || concat_ws(', ', 'START = ' || {function("prsstart")},
                        'GETTOKEN = ' || {function("prstoken")}, 'END = ' || {function("prsend")},
                        'LEXTYPES = ' || {function("prslextype")},
                        'HEADLINE = ' || {function("prsheadline")}) || ')',
       obj_description(thing.oid, 'pg_ts_parser')
FROM pg_ts_parser AS thing
WHERE prsnamespace = :namespace AND {_OWN.format("pg_ts_parser")}
UNION ALL
SELECT 'text search template', NULL, quote_ident(tmplname),
       '(' || concat_ws(', ', 'INIT = ' || {function("tmplinit")},
                        'LEXIZE = ' || {function("tmpllexize")}) || ')',
       obj_description(thing.oid, 'pg_ts_template')
FROM pg_ts_template AS thing
WHERE tmplnamespace = :namespace AND {_OWN.format("pg_ts_template")}
"""  # noqa: S608 fixed text
