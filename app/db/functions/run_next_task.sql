CREATE OR REPLACE FUNCTION run_next_task(state jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- Literals in the statements are in this style.
SET DateStyle TO 'ISO'
AS $function$
DECLARE
    most_attempts CONSTANT integer := 10;
    started CONSTANT timestamptz := clock_timestamp();
    task CONSTANT jsonb := state #> '{tasks,0}';
    attempt CONSTANT integer := coalesce(state ->> 'attempt', '1');
    attempts integer := coalesce((state ->> 'attempts')::integer, most_attempts);
    referenced_last boolean := coalesce(state ->> 'referenced_last', 'false');
    others_in_the_way boolean := false;
    reason text;
    outcome jsonb;
    tasks jsonb;
BEGIN
    BEGIN
        EXECUTE task ->> 'statement' INTO outcome USING referenced_last;
    EXCEPTION
        WHEN lock_not_available OR deadlock_detected THEN
            others_in_the_way := true;
            reason := SQLERRM;
        WHEN insufficient_privilege THEN
            reason := format('%s (as %I)', SQLERRM, current_user);
        WHEN OTHERS THEN
            reason := SQLERRM;
    END;
    IF others_in_the_way THEN
        -- An application that locks in the opposite order, always busy, would stop every attempt.
        state := jsonb_set(state, '{referenced_last}', to_jsonb(NOT referenced_last));
        IF attempt < attempts THEN
            RETURN state || jsonb_build_object(
                'attempt', attempt + 1,
                'pause', 0.2 * extract(epoch FROM current_setting('deadlock_timeout')::interval)
                         * least(attempt + 1, 5) * (0.5 + random()));
        END IF;
    END IF;
    IF reason IS NOT NULL THEN
        RAISE WARNING '%: %', task ->> 'purpose', reason;
        outcome := '{"failed": 1}';
    END IF;
    tasks := coalesce(outcome -> 'tasks', '[]') || ((state -> 'tasks') - 0);
    IF outcome ? 'notice' THEN
        RAISE NOTICE '%', outcome ->> 'notice' || CASE
            WHEN outcome -> 'moved' > '0' AND tasks <> '[]'
            THEN format('; %s more to do', jsonb_array_length(tasks)) ELSE '' END;
    END IF;
    SELECT state || coalesce(jsonb_object_agg(key, value::bigint + (state ->> key)::bigint), '{}')
    INTO state
    FROM jsonb_each_text(outcome) WHERE key IN ('created', 'moved', 'retired', 'failed');
    RETURN state || jsonb_build_object(
        'tasks', tasks,
        'attempt', 1,
        -- Where others stay in the way, what follows is not to wait as long again.
        'attempts', CASE WHEN reason IS NULL THEN most_attempts
                         WHEN others_in_the_way THEN 1 ELSE attempts END,
        -- Writers are to have more time than they were stopped for.
        'pause', CASE WHEN outcome ? 'notice'
                 THEN 2 * extract(epoch FROM clock_timestamp() - started) END);
END
$function$;

REVOKE ALL ON FUNCTION run_next_task(jsonb) FROM PUBLIC;

COMMENT ON FUNCTION run_next_task(jsonb) IS
'Runs the statement of the first of the tasks in the state, and returns the state after it: the '
'task is gone, or to be tried again as other sessions'' locks are in the way; tasks that it leads to '
'come next; what it counts is added up. In the statement $1 is referenced_last: whether to lock the '
'referenced tables after the others, which changes with each attempt. A failure is a warning that '
'begins with the purpose.';
