-- The function attach_month().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION attach_month(
    of_table regclass, partition text, bounds tstzrange
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- The bounds become literals.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
DECLARE
    -- What PARTITION OF takes over from the table, LIKE and ATTACH do not.
    storage CONSTANT text := (
        SELECT concat(' USING ' || quote_ident(amname), ' TABLESPACE ' || quote_ident(spcname))
        FROM pg_class LEFT JOIN pg_am ON pg_am.oid = relam
             LEFT JOIN pg_tablespace ON pg_tablespace.oid = reltablespace
        WHERE pg_class.oid = of_table);
    identity text;
BEGIN
    -- PARTITION OF would lock out the readers of all partitions.
    EXECUTE format(
        'CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED'
        ' INCLUDING STORAGE INCLUDING COMPRESSION)%s', partition, of_table, storage);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                   of_table, partition, lower(bounds), upper(bounds));

    SELECT CASE root.relreplident
           WHEN 'f' THEN 'FULL'
           WHEN 'n' THEN 'NOTHING'
           WHEN 'i' THEN 'USING INDEX ' || (
               SELECT quote_ident(own.relname)
               FROM pg_index AS key JOIN pg_inherits ON inhparent = key.indexrelid
                    JOIN pg_index AS own_key ON own_key.indexrelid = inhrelid
                    JOIN pg_class AS own ON own.oid = inhrelid
               WHERE key.indrelid = of_table AND key.indisreplident
                     AND own_key.indrelid = partition::regclass)
           END
    INTO identity
    FROM pg_class AS root WHERE root.oid = of_table;
    IF identity IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', partition, identity);
    END IF;
END
$function$;

REVOKE ALL ON FUNCTION attach_month(regclass, text, tstzrange) FROM PUBLIC;

COMMENT ON FUNCTION attach_month(regclass, text, tstzrange) IS
'Creates an empty partition, of the given quoted name, in the table''s tablespace and with its '
'replica identity.';
