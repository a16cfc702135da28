-- The function create_month_partition().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION create_month_partition(
    of_table regclass, month date, referenced_last boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- The bounds become literals.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
DECLARE
    routine oid;
    here regnamespace;
    own record;
    partition text;
    locks text[];
    covered boolean;
    of_month text;
    columns text;
    hindrance text;
    moving boolean := false;
    moved bigint := 0;
    enabling text[] := '{}';
    statement text;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT tables.*, relname, %1$s.utc_month($2) AS bounds,
               -- That is what ATTACH PARTITION takes on them for the foreign keys.
               %1$s.referenced_table_locks($1, 'SHARE ROW EXCLUSIVE'::text) AS referenced
        FROM %1$s.time_partitioned_tables() AS tables JOIN pg_class ON pg_class.oid = parent
        WHERE parent = $1
    $query$, here) INTO STRICT own USING of_table, month;

    -- ATTACH PARTITION lets writers go on, and fails those whose rows are on their way to DEFAULT.
    locks := ARRAY[format('%s IN SHARE ROW EXCLUSIVE MODE', of_table),
                   own.default_partition::text || ' IN ACCESS EXCLUSIVE MODE'];
    locks := CASE WHEN referenced_last THEN locks || own.referenced ELSE own.referenced || locks END;
    EXECUTE format('CALL %s.lock_tables(VARIADIC $1)', here) USING array_remove(locks, NULL);
    EXECUTE format('SELECT %s.partition_coverage($1) @> $2', here)
    INTO covered USING of_table, own.bounds;
    IF covered THEN
        RETURN NULL;
    END IF;

    of_month := format('%1$I >= %2$L AND %1$I < %3$L',
                       own.partition_key, lower(own.bounds), upper(own.bounds));
    IF own.default_partition IS NOT NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %s)', own.default_partition, of_month)
        INTO moving;
    END IF;
    IF moving THEN
        EXECUTE format(
            'SELECT moves FROM %s.publication_notes() WHERE parent = $1 AND moves IS NOT NULL', here)
        INTO hindrance USING of_table;
        SELECT coalesce(hindrance, min(format(
            'foreign key %I of %s would act on their deletion: drop it, move them, add it again',
            conname, conrelid::regclass)))
        INTO hindrance
        FROM pg_constraint
        WHERE contype = 'f' AND confrelid IN (of_table, own.default_partition) AND conparentid = 0
              AND confdeltype NOT IN ('a', 'r');
        IF hindrance IS NOT NULL THEN
            RAISE EXCEPTION '%', hindrance;
        END IF;
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
        FROM pg_attribute
        WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        -- Only what goes from one partition to another, both attached, reaches subscribers whole.
        -- A temporary table is in no publication.
        EXECUTE format('CREATE TEMPORARY TABLE moved_rows ON COMMIT DROP AS SELECT %s FROM %s'
                       ' WITH NO DATA', columns, own.default_partition);
        EXECUTE format('SELECT %s.disable_triggers($1)', here)
        INTO enabling USING own.default_partition;
        EXECUTE format(
            'WITH gone AS (DELETE FROM %1$s WHERE %2$s RETURNING %3$s)'
            ' INSERT INTO pg_temp.moved_rows SELECT %3$s FROM gone',
            own.default_partition, of_month, columns);
    END IF;
    EXECUTE format('SELECT %s.suffixed_name($1, $2)', here) INTO partition USING own.relname::text,
        to_char(lower(own.bounds), CASE WHEN lower(own.bounds) < '0001-01-01 00:00+00'
                                   THEN '"_p"YYYYMMDD"bc"' ELSE '"_p"YYYYMMDD' END);
    partition := format('%s.%I', here, partition);
    EXECUTE format('SELECT %s.attach_month($1, $2, $3)', here)
    USING of_table, partition, own.bounds;
    IF moving THEN
        EXECUTE format('SELECT $2 || %s.disable_triggers($1)', here)
        INTO enabling USING partition::regclass, enabling;
        -- What is checked later would stand in the way of enabling the triggers.
        SET CONSTRAINTS ALL IMMEDIATE;
        EXECUTE format(
            'INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pg_temp.moved_rows',
            partition, columns);
        GET DIAGNOSTICS moved = ROW_COUNT;
        FOREACH statement IN ARRAY enabling LOOP
            EXECUTE statement;
        END LOOP;
    END IF;
    RETURN jsonb_build_object('created', 1, 'moved', moved, 'notice', format(
        '%s: partition for %s created, %s rows moved there from DEFAULT',
        own.relname, to_char(month, 'YYYY-MM'), moved));
END
$function$;

REVOKE ALL ON FUNCTION create_month_partition(regclass, date, boolean) FROM PUBLIC;

COMMENT ON FUNCTION create_month_partition(regclass, date, boolean) IS
'Creates the partition of a month, like the others of the table, moves there what DEFAULT holds of '
'it, without firing triggers, and returns what was done; NULL if the month has a partition.';
