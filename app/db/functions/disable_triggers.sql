CREATE OR REPLACE FUNCTION disable_triggers(relation regclass) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    enabling CONSTANT text[] := ARRAY(
        SELECT format('ALTER TABLE %s ENABLE %s TRIGGER %I', relation,
                      CASE tgenabled WHEN 'R' THEN 'REPLICA' WHEN 'A' THEN 'ALWAYS' END, tgname)
        FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal AND tgenabled <> 'D');
BEGIN
    IF enabling <> '{}' THEN
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', relation);
    END IF;
    RETURN enabling;
END
$function$;

REVOKE ALL ON FUNCTION disable_triggers(regclass) FROM PUBLIC;

COMMENT ON FUNCTION disable_triggers(regclass) IS
'Disables the triggers of a table, all but those of its foreign keys, and returns the statements '
'that enable again those that were enabled.';
