"""Which object of a schema depends on which, as PostgreSQL itself keeps account of it."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, text

from .identity import Identity
from .snapshot import Snapshot, parameters_of, search_path

Dependencies = Mapping[Identity, set[Identity]]
"""The objects that each object depends on, directly."""

_CONSTRAINT_KIND = """CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique constraint'
    WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check constraint'
    WHEN 'x' THEN 'exclusion constraint' END"""

# What PostgreSQL knows by object addresses, under the names that the snapshot uses.
_QUERY = text(f"""
WITH relation AS (SELECT * FROM pg_class WHERE oid = ANY (CAST(:relations AS oid[]))),
address (classid, objid, objsubid, kind, owner, name) AS (
    SELECT 'pg_class'::regclass, oid, 0,
           CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                        WHEN 'S' THEN 'sequence' ELSE 'table' END, NULL, relname FROM relation
    UNION ALL
    SELECT 'pg_type'::regclass, reltype, 0,
           CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                        ELSE 'table' END, NULL, relname FROM relation WHERE reltype <> 0
    UNION ALL
    SELECT 'pg_class'::regclass, attrelid, attnum, 'column', relname, attname
    FROM relation JOIN pg_attribute ON attrelid = relation.oid
    WHERE attnum > 0 AND relkind IN ('r', 'p', 'f')
    UNION ALL
    SELECT 'pg_class'::regclass, attrelid, attnum,
           CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, NULL, relname
    FROM relation JOIN pg_attribute ON attrelid = relation.oid
    WHERE attnum > 0 AND relkind IN ('v', 'm')
    UNION ALL
    SELECT 'pg_attrdef'::regclass, pg_attrdef.oid, 0,
           CASE WHEN relkind = 'v' THEN 'view default' WHEN attgenerated = '' THEN 'default'
                ELSE 'generated expression' END,
           relname, attname
    FROM relation JOIN pg_attrdef ON adrelid = relation.oid
         JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
    UNION ALL
    SELECT 'pg_constraint'::regclass, con.oid, 0, {_CONSTRAINT_KIND}, relname, conname
    FROM relation JOIN pg_constraint AS con ON conrelid = relation.oid
    UNION ALL
    SELECT 'pg_class'::regclass, indexrelid, 0, coalesce({_CONSTRAINT_KIND}, 'index'),
           relation.relname, coalesce(conname, ind.relname)
    FROM relation JOIN pg_index ON indrelid = relation.oid
         JOIN pg_class AS ind ON ind.oid = indexrelid
         LEFT JOIN pg_constraint ON conindid = indexrelid AND contype IN ('p', 'u', 'x')
    UNION ALL
    SELECT 'pg_constraint'::regclass, con.oid, 0, 'domain constraint', typname, conname
    FROM pg_constraint AS con JOIN pg_type ON pg_type.oid = contypid
    WHERE typnamespace = :namespace
    UNION ALL
    SELECT 'pg_trigger'::regclass, trg.oid, 0, 'trigger', relname, tgname
    FROM relation JOIN pg_trigger AS trg ON tgrelid = relation.oid
    UNION ALL
    SELECT 'pg_rewrite'::regclass, rule.oid, 0,
           CASE WHEN rulename <> '_RETURN' THEN 'rule'
                WHEN relkind = 'v' THEN 'view' ELSE 'materialized view' END,
           CASE WHEN rulename <> '_RETURN' THEN relname END,
           CASE WHEN rulename <> '_RETURN' THEN rulename ELSE relname END
    FROM relation JOIN pg_rewrite AS rule ON ev_class = relation.oid
    UNION ALL
    SELECT 'pg_policy'::regclass, policy.oid, 0, 'policy', relname, polname
    FROM relation JOIN pg_policy AS policy ON polrelid = relation.oid
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, stat.oid, 0, 'extended statistics', relname, stxname
    FROM relation JOIN pg_statistic_ext AS stat ON stxrelid = relation.oid
    UNION ALL
    SELECT 'pg_proc'::regclass, pro.oid, 0,
           CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
           NULL, quote_ident(proname) || '(' || pg_get_function_identity_arguments(pro.oid) || ')'
    FROM pg_proc AS pro WHERE pronamespace = :namespace
    UNION ALL
    SELECT 'pg_type'::regclass, typ.oid, 0,
           CASE base.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, NULL, base.typname
    FROM pg_type AS base JOIN pg_type AS typ ON typ.oid IN (base.oid, base.typarray)
    WHERE base.typnamespace = :namespace AND base.typtype IN ('e', 'r', 'd', 'c')
          AND NOT EXISTS (SELECT FROM relation WHERE reltype = base.oid)
    UNION ALL
    -- The attributes of a composite type, which depend on their own types.
    SELECT 'pg_class'::regclass, attrelid, attnum, 'type', NULL, typname
    FROM pg_type JOIN pg_class AS composite ON composite.oid = typrelid AND relkind = 'c'
         JOIN pg_attribute ON attrelid = composite.oid
    WHERE typnamespace = :namespace AND attnum > 0
)
SELECT dependent.kind, dependent.owner, dependent.name,
       referenced.kind, referenced.owner, referenced.name
FROM pg_depend AS depend
     JOIN address AS dependent USING (classid, objid, objsubid)
     JOIN address AS referenced ON referenced.classid = refclassid
          AND referenced.objid = refobjid AND referenced.objsubid = refobjsubid
WHERE NOT (depend.deptype = 'a' AND dependent.kind = 'sequence')
UNION ALL
SELECT 'sequence owner', NULL, relation.relname, 'column', referenced.owner, referenced.name
FROM pg_depend AS depend JOIN relation ON relation.oid = objid AND relkind = 'S'
     JOIN address AS referenced ON referenced.classid = refclassid
          AND referenced.objid = refobjid AND referenced.objsubid = refobjsubid
WHERE depend.classid = 'pg_class'::regclass AND deptype = 'a'
UNION ALL
SELECT 'primary key', relname, conname, 'not null', relname, attname
FROM relation JOIN pg_constraint ON conrelid = relation.oid AND contype = 'p'
     JOIN pg_attribute ON attrelid = relation.oid AND attnum = ANY (conkey)
UNION ALL
SELECT 'identity', relname, attname, 'not null', relname, attname
FROM relation JOIN pg_attribute ON attrelid = relation.oid AND attidentity <> ''
UNION ALL
SELECT 'table property', relname, property, address.kind, address.owner, address.name
FROM relation JOIN pg_index ON indrelid = relation.oid
     JOIN address ON address.classid = 'pg_class'::regclass AND address.objid = indexrelid,
     LATERAL (VALUES ('clustered on', indisclustered), ('replica identity', indisreplident)
             ) AS marked (property, is_marked)
WHERE is_marked
""")  # noqa: S608 fixed text


def dependencies(connection: Connection, schema: str, objects: Snapshot) -> Dependencies:
    """Return what each of ``objects``, the snapshot of ``schema``, depends on."""
    found: defaultdict[Identity, set[Identity]] = defaultdict(set)
    for identity in objects:
        found[identity].update(owner for owner in identity.owners if owner in objects)
    with search_path(connection, schema):
        rows = connection.execute(_QUERY, parameters_of(connection, schema)).all()
    for row in rows:
        dependent, referenced = Identity(*row[:3]), Identity(*row[3:])
        if dependent != referenced and dependent in objects and referenced in objects:
            found[dependent].add(referenced)
    return found
