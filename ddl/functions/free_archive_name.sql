-- The function free_archive_name().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION free_archive_name(relation regclass) RETURNS name
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
    own pg_class;
    candidate name;
    number integer := 1;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    SELECT * INTO STRICT own FROM pg_class WHERE oid = relation;
    candidate := own.relname;
    -- It is renamed where it is, before it moves.
    WHILE EXISTS (SELECT FROM pg_class
                  WHERE relname = candidate AND oid <> relation
                        AND relnamespace IN (own.relnamespace, to_regnamespace('archive'))) LOOP
        number := number + 1;
        EXECUTE format('SELECT %s.suffixed_name($1, $2)',
                       (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine))
        INTO candidate USING own.relname::text, format('_%s', number);
    END LOOP;
    RETURN candidate;
END
$function$;

COMMENT ON FUNCTION free_archive_name(regclass) IS
'The name that the relation can have in the schema archive: its own, or where others have that, '
'with _2, _3 and so on.';
