-- The function set_updated_at().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
    IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END
$function$;

COMMENT ON FUNCTION set_updated_at() IS
'Stamps updated_at with now() unless the statement itself sets it to a new value.';
