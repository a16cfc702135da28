-- The function retire_partition().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION retire_partition(
    of_table regclass, retired regclass, drop boolean, referenced_last boolean DEFAULT false
) RETURNS text
LANGUAGE plpgsql
AS $function$
DECLARE
    -- Dropping a partition's foreign keys once it is detached locks the referenced tables; dropping
    -- the partition while it is attached does not.
    referenced CONSTANT text[] := CASE WHEN drop THEN '{}'
        ELSE referenced_table_locks(of_table, 'ACCESS EXCLUSIVE') END;
    locks text[];
    part text;
    relation regclass;
    archived name;
BEGIN
    SELECT ARRAY[format('%s IN ACCESS EXCLUSIVE MODE', of_table),
                 default_partition::text || ' IN ACCESS EXCLUSIVE MODE']
    INTO STRICT locks
    FROM time_partitioned_tables() WHERE parent = of_table;
    locks := CASE WHEN referenced_last THEN locks || referenced ELSE referenced || locks END;
    CALL lock_tables(VARIADIC array_remove(locks, NULL));
    PERFORM FROM pg_inherits WHERE inhparent = of_table AND inhrelid = retired;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    IF drop THEN
        EXECUTE format('DROP TABLE %s', retired);
        RETURN 'dropped';
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
        archived := free_archive_name(relation);
        IF archived <> (SELECT relname FROM pg_class WHERE oid = relation) THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, archived);
        END IF;
    END LOOP;
    EXECUTE format('ALTER TABLE %s SET SCHEMA archive', retired);
    RETURN format('moved to archive.%I', archived);
END
$function$;

COMMENT ON FUNCTION retire_partition(regclass, regclass, boolean, boolean) IS
'Drops a partition, or moves it to the schema archive without its foreign keys and column '
'defaults, under a free name. Returns what became of it; NULL if it is no longer a partition of '
'the table.';
