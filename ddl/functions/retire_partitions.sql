-- The procedure retire_partitions().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE PROCEDURE retire_partitions(
    retention interval,
    drop boolean DEFAULT false,
    as_of timestamptz DEFAULT now(),
    INOUT retired integer DEFAULT 0,
    INOUT failed integer DEFAULT 0
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    chosen record;
    name text;
    attempts integer;
    referenced_last boolean;
    success text;
    done boolean;
BEGIN
    retired := 0;
    failed := 0;
    IF drop IS NULL THEN
        RAISE EXCEPTION 'drop is to be true or false'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was retired.';
    END IF;
    IF NOT drop AND EXISTS (SELECT FROM retirable_partitions(retention, as_of, false)) THEN
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
    END IF;
    FOR chosen IN SELECT * FROM retirable_partitions(retention, as_of, false) LOOP
        name := chosen.partition;
        CALL run_with_retries(
            format('SELECT retire_partition(%L, %L, %L, $1)', chosen.parent, name, drop),
            format('%s was not retired', name), attempts, referenced_last, success, done);
        IF NOT done THEN
            failed := failed + 1;
        ELSIF success IS NOT NULL THEN
            retired := retired + 1;
            RAISE NOTICE '% %', name, success;
        END IF;
    END LOOP;
END
$procedure$;

COMMENT ON PROCEDURE retire_partitions(interval, boolean, timestamptz, integer, integer) IS
'Retires what retirable_partitions() lists: to the schema archive, or dropped where that is asked '
'for. Commits once a partition, so call it outside a transaction. What other sessions'' locks '
'prevent is a warning, counted in failed.';
