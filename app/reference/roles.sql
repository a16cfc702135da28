-- Who may do what: the roles of one schema and their privileges, in one transaction. Run it before
-- the first alembic upgrade, as a superuser or a role with CREATEROLE that owns the database, and
-- after each upgrade, which the owner may do too: it sets everything to what is said here.
-- Generated from the models, do not edit: {command}
-- psql -f ddl/roles.sql
-- psql -v schema=creative -v owner=creative_owner … -f ddl/roles.sql

\set ON_ERROR_STOP on
\set QUIET on
\set SHOW_CONTEXT never

-- None of the roles is made to log in: what logs in becomes a member (docs/dba.md).
\if :{?schema} \else \set schema public \endif
-- Runs the migrations; everything in the schema belongs to it.
\if :{?owner} \else \set owner creativeflow_owner \endif
-- Reads and writes rows.
\if :{?app} \else \set app creativeflow_app \endif
-- Reads every column but those below that hold secrets.
\if :{?reader} \else \set reader creativeflow_read \endif
-- Reads everything in the database, for pg_dump.
\if :{?backup} \else \set backup creativeflow_backup \endif
-- Reads the server's statistics, and calls what the schema has for monitoring.
\if :{?monitor} \else \set monitor creativeflow_monitor \endif

\set refuse 'DO $do$ BEGIN RAISE EXCEPTION USING MESSAGE = %L, HINT = %L; END $do$'

BEGIN;
-- Whatever others have put into the schema is not called by mistake.
SET LOCAL search_path TO pg_catalog, pg_temp;
SET LOCAL client_min_messages TO warning;
SET LOCAL lock_timeout TO '2s';

SELECT format(:'refuse', 'PostgreSQL 16 or later is needed, this is '
              || current_setting('server_version'), 'Nothing was changed.')
WHERE current_setting('server_version_num')::int < 160000
\gexec

SELECT format(:'refuse', current_user || ' may not set up roles',
              'Nothing was changed. Run this as a superuser, as a role with CREATEROLE that owns '
              'the database, or, once it has been run, as ' || :'owner' || '.')
FROM pg_roles
WHERE rolname = current_user AND NOT rolsuper AND NOT rolcreaterole
      AND pg_has_role(to_regrole(quote_ident(:'owner')), 'USAGE') IS NOT TRUE
\gexec

CREATE TEMP TABLE role (kind, name) ON COMMIT DROP AS
VALUES ('owner', :'owner'), ('app', :'app'), ('reader', :'reader'), ('backup', :'backup'),
       ('monitor', :'monitor');

SELECT 'PUBLIC, ' || string_agg(quote_ident(name), ', ') AS others
FROM role WHERE kind <> 'owner'
\gset

-- What is where, and which columns hold secrets, as the models classify them.

CREATE TEMP TABLE model (name, readable, secret) ON COMMIT DROP AS
SELECT name, readable::text[], secret::text[] FROM (VALUES
{models}
) AS model (name, readable, secret);

-- Nothing there yet is fine; something else is not, nor a part.

CREATE TEMP TABLE present ON COMMIT DROP AS
SELECT relname AS name, relation.oid
FROM pg_class AS relation JOIN pg_namespace AS namespace ON namespace.oid = relnamespace
WHERE nspname = :'schema' AND relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend
                      WHERE classid = 'pg_class'::regclass AND objid = relation.oid
                            AND deptype = 'e');

SELECT NOT EXISTS (SELECT FROM present WHERE name <> 'alembic_version') AS is_empty,
       format('schema %s of database %s', :'schema', current_database()) AS here
\gset

SELECT format(:'refuse', :'here' || ' holds tables, but no alembic_version',
              'Nothing was changed. If it is the right database, run alembic stamp head first.')
WHERE NOT :'is_empty' AND NOT EXISTS (SELECT FROM present WHERE name = 'alembic_version')
\gexec

SELECT format(:'refuse', format('%s lacks %s%s', :'here',
                                array_to_string((array_agg(name || '.' || lacking
                                                           ORDER BY name, lacking))[:5], ', '),
                                ' and ' || nullif(greatest(count(*) - 5, 0), 0) || ' more'),
              'Nothing was changed. If it is the right database, run alembic upgrade head first.')
FROM model, unnest(readable || secret) AS lacking
WHERE NOT :'is_empty'
      AND NOT EXISTS (SELECT FROM present JOIN pg_attribute ON attrelid = oid
                      WHERE present.name = model.name AND attname = lacking AND NOT attisdropped)
HAVING count(*) > 0
\gexec

-- The roles.

SELECT format('CREATE ROLE %I', name)
FROM role WHERE to_regrole(quote_ident(name)) IS NULL
\gexec

SELECT format('GRANT %I TO %I', predefined, name)
FROM role JOIN (VALUES ('backup', 'pg_read_all_data'), ('monitor', 'pg_monitor'))
              AS membership (kind, predefined) USING (kind)
WHERE NOT pg_has_role(name, predefined, 'USAGE')
\gexec

SELECT format(:'refuse', format('%s is a superuser or a member of %s: no grant can limit it',
                                name, :'owner'), 'Nothing was changed.')
FROM role WHERE kind <> 'owner' AND pg_has_role(name, :'owner', 'MEMBER')
\gexec

-- A role that may create roles is no member of those that it creates, but may become one.
SELECT NOT (pg_has_role(:'owner', 'USAGE') AND pg_has_role(:'owner', 'SET')) AS is_to_join
\gset
SELECT format('GRANT %I TO %I WITH INHERIT TRUE, SET TRUE', :'owner', current_user)
WHERE :'is_to_join'
\gexec

-- The database and the schemas: these privileges, and for PUBLIC and these roles no others.

SELECT format('CREATE SCHEMA %I', name)
FROM unnest(ARRAY[:'schema', 'archive']) AS name
WHERE to_regnamespace(quote_ident(name)) IS NULL
\gexec

CREATE TEMP VIEW undone (statement) AS
WITH wanted (kind, place, privilege, grantee) AS (
    SELECT 'DATABASE', current_database(), 'CONNECT', name FROM role
    UNION ALL
    -- alembic check builds the models in a schema of their own.
    SELECT 'DATABASE', current_database(), unnest(ARRAY['CREATE', 'TEMPORARY']), :'owner'
    UNION ALL
    SELECT 'SCHEMA', unnest(ARRAY[:'schema', 'archive']), privilege, :'owner'
    FROM unnest(ARRAY['USAGE', 'CREATE']) AS privilege
    UNION ALL
    SELECT 'SCHEMA', :'schema', 'USAGE', unnest(ARRAY[:'app', :'reader', :'monitor'])
),
granted (kind, place, privilege, grantee) AS (
    SELECT 'DATABASE', datname, privilege_type, grantee
    FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
    WHERE datname = current_database()
    UNION ALL
    SELECT 'SCHEMA', nspname, privilege_type, grantee
    FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
    WHERE nspname IN (:'schema', 'archive')
),
to_role AS (
    SELECT kind, place, privilege, coalesce(rolname, 'PUBLIC') AS grantee
    FROM granted LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE grantee = 0 OR rolname IN (SELECT name FROM role)
)
SELECT format('GRANT %s ON %s %I TO %I', privilege, kind, place, grantee)
FROM (TABLE wanted EXCEPT TABLE to_role) AS missing
UNION ALL
SELECT format('REVOKE %s ON %s %I FROM %s', privilege, kind, place,
              CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END)
FROM (TABLE to_role EXCEPT TABLE wanted) AS excess;

SELECT statement FROM undone
\gexec

SELECT format(:'refuse', format('%s may not %s', current_user, statement),
              'Nothing was changed. Run this as a superuser, or as the role that owns the database '
              'and its schemas.')
FROM undone
\gexec
DROP VIEW undone;

-- What was made by a superuser, or by whom migrations ran as before, goes to the owner; of a schema
-- without tables that is alembic_version alone.

CREATE TEMP TABLE taken ON COMMIT DROP AS
WITH object (kind, identity, owner, namespace, class, oid) AS (
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
                        WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
                        ELSE 'TABLE' END,
           oid::regclass::text, relowner, relnamespace, 'pg_class'::regclass, oid
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'ROUTINE', oid::regprocedure::text, proowner, pronamespace, 'pg_proc', oid
    FROM pg_proc
    UNION ALL
    SELECT 'TYPE', oid::regtype::text, typowner, typnamespace, 'pg_type', oid
    FROM pg_type
    WHERE typtype IN ('d', 'e', 'r')
          OR typtype = 'c' AND EXISTS (SELECT FROM pg_class
                                       WHERE pg_class.oid = typrelid AND relkind = 'c')
    UNION ALL
    SELECT 'STATISTICS', format('%s.%I', stxnamespace::regnamespace, stxname), stxowner,
           stxnamespace, 'pg_statistic_ext', oid
    FROM pg_statistic_ext
)
SELECT format('ALTER %s %s OWNER TO %I', kind, identity, :'owner') AS statement, rolname
FROM object JOIN pg_roles ON pg_roles.oid = object.owner
WHERE namespace IN (to_regnamespace(quote_ident(:'schema')), to_regnamespace('archive'))
      AND rolname <> :'owner'
      AND (NOT :'is_empty' OR object.oid = (SELECT oid FROM present))
      AND (rolsuper OR object.owner = (SELECT relowner FROM pg_class JOIN present USING (oid)
                                       WHERE name = 'alembic_version'))
      AND NOT EXISTS (SELECT FROM pg_depend
                      WHERE classid = class AND objid = object.oid AND objsubid = 0
                            AND (deptype IN ('e', 'i') OR deptype = 'a' AND kind = 'SEQUENCE'));

SELECT statement FROM taken
\gexec

SELECT format(:'refuse', format('%s.%s belongs to %s, not to %s', :'schema', name,
                                pg_get_userbyid(relowner), :'owner'),
              'Nothing was changed. Have a superuser give it to the owner, or drop it.')
FROM pg_class JOIN present USING (oid)
WHERE name IN (SELECT name FROM model UNION ALL SELECT 'alembic_version')
      AND relowner <> to_regrole(quote_ident(:'owner'))
\gexec

-- What migrations and the routines for partitions will make: rows for the app at once, for the
-- reader nothing unseen. Partitions are read through their parent, and by the backup.

ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" REVOKE ALL ON TABLES FROM :others;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema"
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" REVOKE ALL ON SEQUENCES FROM :others;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT USAGE ON SEQUENCES TO :"app";

-- What is there: tables, their sequences and partitions, alembic_version, routines.

CREATE TEMP TABLE part ON COMMIT DROP AS
SELECT secret, relid
FROM model JOIN present USING (name),
     LATERAL (SELECT present.oid UNION SELECT relid FROM pg_partition_tree(present.oid))
         AS of_table (relid);

SELECT format('REVOKE ALL ON TABLE %1$s FROM %2$s; '
              'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %1$s TO %3$I',
              relid::regclass, :'others', :'app')
FROM part
\gexec

SELECT format('GRANT SELECT (%s) ON TABLE %s TO %I', string_agg(quote_ident(readable), ', '),
              oid::regclass, :'reader')
FROM (SELECT name, unnest(readable) AS readable FROM model) AS model JOIN present USING (name)
GROUP BY oid
\gexec

SELECT format('REVOKE ALL ON TABLE %1$s FROM %2$s; GRANT SELECT ON TABLE %1$s TO %3$I, %4$I, %5$I',
              oid::regclass, :'others', :'app', :'reader', :'monitor')
FROM present WHERE name = 'alembic_version'
\gexec

SELECT format('REVOKE ALL ON SEQUENCE %1$s FROM %2$s; GRANT USAGE ON SEQUENCE %1$s TO %3$I',
              objid::regclass, :'others', :'app')
FROM model JOIN present USING (name)
     JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = oid
                       AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
     JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
\gexec

-- What runs as its owner, and what moves partitions, is nobody else's; what a function does with
-- its caller's own rights, the caller could do without it.
SELECT format('REVOKE ALL ON ROUTINE %s FROM %s', oid::regprocedure, :'others')
FROM pg_proc
WHERE pronamespace = to_regnamespace(quote_ident(:'schema'))
      AND proowner = to_regrole(quote_ident(:'owner'))
      AND (prosecdef OR prokind = 'p')
\gexec

SELECT format('GRANT EXECUTE ON ROUTINE %s TO %I', oid::regprocedure, :'monitor')
FROM pg_proc
WHERE pronamespace = to_regnamespace(quote_ident(:'schema'))
      AND proowner = to_regrole(quote_ident(:'owner'))
      AND proname IN ({monitoring})
\gexec

-- PostgreSQL has the last word.

SELECT format(:'refuse', format('%s can read %s.%s all the same', role.name,
                                relid::regclass, column_name),
              'Nothing was changed. See what else is granted to it and to PUBLIC.')
FROM part, unnest(secret) AS column_name, role
WHERE kind IN ('reader', 'monitor')
      AND has_column_privilege(role.name, relid, column_name, 'SELECT')
\gexec

SELECT format('REVOKE %I FROM %I', :'owner', current_user) WHERE :'is_to_join'
\gexec

SELECT concat_ws(E'\n',
           (SELECT format('Objects of %s that now belong to %s: %s.',
                          string_agg(DISTINCT rolname, ', '), :'owner', count(*))
            FROM taken HAVING count(*) > 0),
           (SELECT format('Not for %s, as this file does not know it: %s.', :'reader',
                          string_agg(format('%s.%s', name, attname), ', '))
            FROM model JOIN present USING (name) JOIN pg_attribute ON attrelid = oid
            WHERE attnum > 0 AND NOT attisdropped AND attname <> ALL (readable || secret)
            HAVING count(*) > 0),
           CASE WHEN :'is_empty'
                THEN 'Roles are set for ' || :'here'
                     || '. Next: alembic upgrade head, then this file again.'
                ELSE 'Roles and privileges are set for ' || :'here' || '.' END) AS said
\gset

COMMIT;

\echo :said
