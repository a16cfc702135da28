CREATE OR REPLACE FUNCTION utc_month(day date) RETURNS tstzrange
LANGUAGE sql IMMUTABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
    -- Months are added to a timestamp without time zone: the session's zone has no say.
    SELECT tstzrange(first_day AT TIME ZONE 'UTC',
                     (first_day + interval '1 month') AT TIME ZONE 'UTC')
    FROM date_trunc('month', day::timestamp) AS first_day
$function$;

COMMENT ON FUNCTION utc_month(date) IS
'The month in UTC that the day is in.';
