-- The function create_month_partition().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION create_month_partition(
    of_table regclass, month date, referenced_last boolean DEFAULT false
) RETURNS bigint
LANGUAGE plpgsql
-- The bounds become literals.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
DECLARE
    bounds CONSTANT tstzrange := utc_month(month);
    -- SHARE ROW EXCLUSIVE is what ATTACH PARTITION takes on them for the foreign keys.
    referenced CONSTANT text[] := referenced_table_locks(of_table, 'SHARE ROW EXCLUSIVE');
    locks text[];
    partition text;
    columns text;
    owner name;
    key name;
    default_partition regclass;
    moved bigint := 0;
BEGIN
    SELECT quote_ident(suffixed_name(relname, to_char(lower(bounds), '"_p"YYYYMMDD'))),
           pg_get_userbyid(relowner), tables.partition_key, tables.default_partition
    INTO STRICT partition, owner, key, default_partition
    FROM time_partitioned_tables() AS tables JOIN pg_class ON pg_class.oid = tables.parent
    WHERE tables.parent = of_table;

    -- ATTACH PARTITION lets writers go on, and fails those whose rows are on their way to DEFAULT.
    locks := ARRAY[format('%s IN SHARE ROW EXCLUSIVE MODE', of_table),
                   default_partition::text || ' IN ACCESS EXCLUSIVE MODE'];
    locks := CASE WHEN referenced_last THEN locks || referenced ELSE referenced || locks END;
    CALL lock_tables(VARIADIC array_remove(locks, NULL));
    IF partition_coverage(of_table) @> bounds THEN
        RETURN NULL;
    END IF;

    -- PARTITION OF would lock out the readers of all partitions.
    EXECUTE format(
        'CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED'
        ' INCLUDING STORAGE INCLUDING COMPRESSION)', partition, of_table);
    IF owner <> current_user THEN
        -- Else the owner could not alter the table any more.
        BEGIN
            EXECUTE format('ALTER TABLE %s OWNER TO %I', partition, owner);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE EXCEPTION '% cannot be given to %, the owner of %: %',
                partition, owner, of_table, SQLERRM
                USING ERRCODE = 'insufficient_privilege';
        END;
    END IF;
    IF default_partition IS NOT NULL THEN
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
        FROM pg_attribute
        WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format(
            'WITH moved AS (DELETE FROM %1$s WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING %5$s)'
            ' INSERT INTO %6$s (%5$s) OVERRIDING SYSTEM VALUE SELECT %5$s FROM moved',
            default_partition, key, lower(bounds), upper(bounds), columns, partition);
        GET DIAGNOSTICS moved = ROW_COUNT;
    END IF;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                   of_table, partition, lower(bounds), upper(bounds));
    RETURN moved;
END
$function$;

COMMENT ON FUNCTION create_month_partition(regclass, date, boolean) IS
'Creates the partition of a month, owned as the table is, moves there what DEFAULT holds of it, '
'and returns how many rows that were; NULL if the month has a partition.';
