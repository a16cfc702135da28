CREATE OR REPLACE PROCEDURE ensure_partitions(
    months_ahead integer DEFAULT 3,
    as_of timestamptz DEFAULT now(),
    most_rows integer DEFAULT 50000,
    INOUT created integer DEFAULT 0,
    INOUT moved bigint DEFAULT 0,
    INOUT failed integer DEFAULT 0
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    -- What commits can neither pin its search_path nor run as its owner. So this only controls
    -- transactions, with every name qualified; functions that do both do the work.
    routine pg_catalog.oid;
    here pg_catalog.regnamespace;
    state pg_catalog.jsonb;
BEGIN
    COMMIT;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    SELECT pronamespace INTO here
    FROM pg_catalog.pg_proc WHERE oid OPERATOR(pg_catalog.=) routine;
    EXECUTE pg_catalog.format('SELECT %s.ensure_tasks($1, $2, $3)', here)
    INTO state USING months_ahead, as_of, most_rows;
    COMMIT;
    WHILE state OPERATOR(pg_catalog.#>) '{tasks,0}' IS NOT NULL LOOP
        PERFORM pg_catalog.pg_sleep((state OPERATOR(pg_catalog.->>) 'pause')::pg_catalog.float8);
        COMMIT;
        -- What others have committed before a lock was granted must be seen after it.
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        EXECUTE pg_catalog.format('SELECT %s.run_next_task($1)', here) INTO state USING state;
        COMMIT;
    END LOOP;
    created := state OPERATOR(pg_catalog.->>) 'created';
    moved := state OPERATOR(pg_catalog.->>) 'moved';
    failed := state OPERATOR(pg_catalog.->>) 'failed';
END
$procedure$;

REVOKE ALL ON PROCEDURE ensure_partitions(integer, timestamptz, integer, integer, bigint, integer)
    FROM PUBLIC;

COMMENT ON PROCEDURE ensure_partitions(integer, timestamptz, integer, integer, bigint, integer) IS
'Creates the monthly partitions of this month, of months_ahead months after it and of all rows in '
'DEFAULT, which it moves there if a month has no more than most_rows. Commits once a month, so '
'call it outside a transaction. What was not done is a warning, counted in failed.';
