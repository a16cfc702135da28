CREATE OR REPLACE FUNCTION retire_partition(
    of_table regclass, retired regclass, drop boolean, referenced_last boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    name CONSTANT name := (SELECT relname FROM pg_class WHERE oid = retired);
    routine oid;
    here regnamespace;
    referenced text[] := '{}';
    locks text[];
    part text;
    relation regclass;
    archived name;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT ARRAY[format('%%s IN ACCESS EXCLUSIVE MODE', parent),
                     default_partition::text || ' IN ACCESS EXCLUSIVE MODE']
        FROM %s.time_partitioned_tables() WHERE parent = $1
    $query$, here) INTO STRICT locks USING of_table;
    -- Dropping a partition's foreign keys once it is detached locks the referenced tables; dropping
    -- the partition while it is attached does not.
    IF NOT drop THEN
        EXECUTE format('SELECT %s.referenced_table_locks($1, $2)', here)
        INTO referenced USING of_table, 'ACCESS EXCLUSIVE'::text;
    END IF;
    locks := CASE WHEN referenced_last THEN locks || referenced ELSE referenced || locks END;
    EXECUTE format('CALL %s.lock_tables(VARIADIC $1)', here) USING array_remove(locks, NULL);
    PERFORM FROM pg_inherits WHERE inhparent = of_table AND inhrelid = retired;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    IF drop THEN
        EXECUTE format('DROP TABLE %s', retired);
        RETURN jsonb_build_object('retired', 1, 'notice', format('%s dropped', name));
    END IF;
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', of_table, retired);
    FOR part IN
        SELECT format('DROP CONSTRAINT %I', conname)
        FROM pg_constraint WHERE conrelid = retired AND contype = 'f'
        UNION ALL
        SELECT format('ALTER COLUMN %I DROP DEFAULT', attname)
        FROM pg_attribute WHERE attrelid = retired AND atthasdef AND attgenerated = ''
    LOOP
        EXECUTE format('ALTER TABLE %s %s', retired, part);
    END LOOP;
    -- A month that came back after its rows were archived brings the same names again.
    FOR relation IN SELECT indexrelid FROM pg_index WHERE indrelid = retired
                    UNION ALL SELECT retired
    LOOP
        EXECUTE format('SELECT %s.free_archive_name($1)', here) INTO archived USING relation;
        IF archived <> (SELECT relname FROM pg_class WHERE oid = relation) THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, archived);
        END IF;
    END LOOP;
    EXECUTE format('ALTER TABLE %s SET SCHEMA archive', retired);
    RETURN jsonb_build_object(
        'retired', 1, 'notice', format('%s moved to archive.%I', name, archived));
END
$function$;

REVOKE ALL ON FUNCTION retire_partition(regclass, regclass, boolean, boolean) FROM PUBLIC;

COMMENT ON FUNCTION retire_partition(regclass, regclass, boolean, boolean) IS
'Drops a partition, or moves it to the schema archive without its foreign keys and column '
'defaults, under a free name. Returns what became of it; NULL if it is no longer a partition of '
'the table.';
