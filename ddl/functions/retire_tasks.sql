-- The function retire_tasks().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION retire_tasks(
    retention interval, drop boolean, as_of timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
    here regnamespace;
    state jsonb;
    stranger name;
BEGIN
    IF drop IS NULL THEN
        RAISE EXCEPTION 'drop is to be true or false'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was retired.';
    END IF;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT jsonb_build_object(
            'retired', 0, 'failed', %1$s.warn_of_skipped_tables(), 'tasks', ARRAY(
            SELECT jsonb_build_object(
                'statement', format(
                    'SELECT %%s.retire_partition(%%L::oid::regclass, %%L::oid::regclass, %%L::boolean, $1)',
                    $1, parent::oid, partition::oid, $2),
                'purpose', format('%%s was not retired', relname))
            FROM %1$s.retirable_partitions($3, $4, false)
                 JOIN pg_class ON pg_class.oid = partition
            ORDER BY month, parent::text))
    $query$, here) INTO state USING here, drop, retention, as_of;
    IF drop OR state #> '{tasks,0}' IS NULL THEN
        RETURN state;
    END IF;

    IF to_regnamespace('archive') IS NULL THEN
        IF NOT has_database_privilege(current_database(), 'CREATE') THEN
            RAISE EXCEPTION 'there is no schema archive, and % may not create it', current_user
                USING ERRCODE = 'insufficient_privilege',
                      HINT = format('Nothing was retired. As an administrator: '
                                    'CREATE SCHEMA archive AUTHORIZATION %I;', current_user);
        END IF;
        CREATE SCHEMA archive;
    ELSIF NOT (has_schema_privilege('archive', 'USAGE')
               AND has_schema_privilege('archive', 'CREATE')) THEN
        RAISE EXCEPTION '% may not create tables in the schema archive', current_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('Nothing was retired. As its owner: '
                                'GRANT USAGE, CREATE ON SCHEMA archive TO %I;', current_user);
    END IF;
    -- Who owns a schema can drop what is in it.
    SELECT rolname INTO stranger
    FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner
    WHERE nspname = 'archive' AND NOT rolsuper AND rolname <> 'pg_database_owner'
          AND NOT pg_has_role(nspowner, 'USAGE')
          AND nspowner <> (SELECT datdba FROM pg_database WHERE datname = current_database());
    IF stranger IS NOT NULL THEN
        RAISE EXCEPTION 'the schema archive belongs to %, who could drop what is moved there', stranger
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('Nothing was retired. As an administrator: '
                                'ALTER SCHEMA archive OWNER TO %I;', current_user);
    END IF;
    RETURN state;
END
$function$;

REVOKE ALL ON FUNCTION retire_tasks(interval, boolean, timestamptz) FROM PUBLIC;

COMMENT ON FUNCTION retire_tasks(interval, boolean, timestamptz) IS
'What retire_partitions() begins with, as run_next_task() takes it. Where months are to be archived '
'and there is no schema for them, it is made.';
