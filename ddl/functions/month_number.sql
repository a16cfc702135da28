-- The function month_number().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION month_number(day date) RETURNS integer
LANGUAGE sql IMMUTABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
    -- There is no year 0: it is the one before the first.
    SELECT 12 * (year + (year < 0)::integer) + date_part('month', day)::integer
    FROM (SELECT date_part('year', day)::integer AS year) AS in_years
$function$;

COMMENT ON FUNCTION month_number(date) IS
'The month that the day is in as a number, by which months can be counted.';
