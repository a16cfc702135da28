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
    -- As in ensure_partitions(), every name is qualified.
    routine pg_catalog.oid;
    here pg_catalog.regnamespace;
    state pg_catalog.jsonb;
BEGIN
    COMMIT;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    SELECT pronamespace INTO here
    FROM pg_catalog.pg_proc WHERE oid OPERATOR(pg_catalog.=) routine;
    EXECUTE pg_catalog.format('SELECT %s.retire_tasks($1, $2, $3)', here)
    INTO state USING retention, drop, as_of;
    COMMIT;
    WHILE state OPERATOR(pg_catalog.#>) '{tasks,0}' IS NOT NULL LOOP
        PERFORM pg_catalog.pg_sleep((state OPERATOR(pg_catalog.->>) 'pause')::pg_catalog.float8);
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        EXECUTE pg_catalog.format('SELECT %s.run_next_task($1)', here) INTO state USING state;
        COMMIT;
    END LOOP;
    retired := state OPERATOR(pg_catalog.->>) 'retired';
    failed := state OPERATOR(pg_catalog.->>) 'failed';
END
$procedure$;

REVOKE ALL ON PROCEDURE retire_partitions(interval, boolean, timestamptz, integer, integer)
    FROM PUBLIC;

COMMENT ON PROCEDURE retire_partitions(interval, boolean, timestamptz, integer, integer) IS
'Retires what retirable_partitions() lists: to the schema archive, or dropped where that is asked '
'for. Commits once a partition, so call it outside a transaction. What was not done is a warning, '
'counted in failed.';
