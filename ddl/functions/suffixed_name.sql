-- The function suffixed_name().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION suffixed_name(base text, suffix text) RETURNS name
LANGUAGE plpgsql IMMUTABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
BEGIN
    -- A name has 63 bytes at most, and PostgreSQL would cut off the suffix.
    WHILE octet_length(base || suffix) > 63 LOOP
        base := left(base, -1);
    END LOOP;
    RETURN base || suffix;
END
$function$;

COMMENT ON FUNCTION suffixed_name(text, text) IS
'The base with the suffix, as much of the base as a name has room for.';
