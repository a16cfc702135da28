"""Everything else that can stand in a schema: no model describes it, its presence counts."""

KINDS = {
    "operator": ("pg_operator", "oprnamespace", "oid::regoperator::text"),
    "operator class": ("pg_opclass", "opcnamespace", "quote_ident(opcname)"),
    "operator family": ("pg_opfamily", "opfnamespace", "quote_ident(opfname)"),
    "collation": ("pg_collation", "collnamespace", "quote_ident(collname)"),
    "conversion": ("pg_conversion", "connamespace", "quote_ident(conname)"),
    "text search configuration": ("pg_ts_config", "cfgnamespace", "quote_ident(cfgname)"),
    "text search dictionary": ("pg_ts_dict", "dictnamespace", "quote_ident(dictname)"),
    "text search parser": ("pg_ts_parser", "prsnamespace", "quote_ident(prsname)"),
    "text search template": ("pg_ts_template", "tmplnamespace", "quote_ident(tmplname)"),
}

QUERY = "\nUNION ALL\n".join(
    f"""SELECT '{kind}', NULL, {name}, '', obj_description(thing.oid, '{catalog}')
FROM {catalog} AS thing WHERE {namespace} = :namespace
     AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = '{catalog}'::regclass
                     AND objid = thing.oid AND deptype IN ('e', 'i', 'a'))"""  # noqa: S608 fixed text
    for kind, (catalog, namespace, name) in KINDS.items()
)
