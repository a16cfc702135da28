-- The function months_in_words().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION months_in_words(months date[]) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
    SELECT to_char(min(month), 'YYYY-MM')
           || CASE WHEN count(*) > 1
              THEN format(' to %s (%s months)', to_char(max(month), 'YYYY-MM'), count(*)) ELSE '' END
    FROM unnest(months) AS month
$function$;

COMMENT ON FUNCTION months_in_words(date[]) IS
'The first and the last of the months, and how many they are.';
