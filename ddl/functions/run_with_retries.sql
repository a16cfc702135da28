-- The procedure run_with_retries().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE PROCEDURE run_with_retries(
    statement text, purpose text,
    INOUT attempts integer, INOUT referenced_last boolean, INOUT result text, INOUT done boolean
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    most_attempts CONSTANT integer := 10;
    pause CONSTANT double precision :=
        0.2 * extract(epoch FROM current_setting('deadlock_timeout')::interval);
    others_in_the_way boolean;
    reason text;
BEGIN
    attempts := coalesce(attempts, most_attempts);
    referenced_last := coalesce(referenced_last, false);
    done := false;
    FOR attempt IN 1 .. attempts LOOP
        IF attempt > 1 THEN
            PERFORM pg_sleep(pause * least(attempt, 5) * (0.5 + random()));
        END IF;
        COMMIT;
        -- What others have committed before a lock was granted must be seen after it.
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        BEGIN
            EXECUTE statement INTO result USING referenced_last;
            done := true;
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                others_in_the_way := true;
                reason := SQLERRM;
            WHEN OTHERS THEN
                others_in_the_way := false;
                reason := SQLERRM;
        END;
        COMMIT;
        EXIT WHEN done OR NOT others_in_the_way;
        -- An application that locks in the opposite order, always busy, would stop every attempt.
        referenced_last := NOT referenced_last;
    END LOOP;
    IF NOT done THEN
        RAISE WARNING '%: %', purpose, reason;
    END IF;
    -- Where others stay in the way, what follows is not to wait as long again.
    attempts := CASE WHEN done THEN most_attempts WHEN others_in_the_way THEN 1 ELSE attempts END;
END
$procedure$;

COMMENT ON PROCEDURE run_with_retries(text, text, integer, boolean, text, boolean) IS
'Runs a statement in a transaction of its own, and again while other sessions'' locks are in the '
'way. In the statement $1 is referenced_last: whether to lock the referenced tables after the '
'others, which changes with each attempt. A failure is a warning that begins with the purpose.';
