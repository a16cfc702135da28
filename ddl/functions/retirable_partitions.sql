-- The function retirable_partitions().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION retirable_partitions(
    retention interval, as_of timestamptz DEFAULT now(), measured boolean DEFAULT true,
    OUT parent regclass, OUT partition regclass, OUT month date,
    OUT row_count bigint, OUT total_bytes bigint
) RETURNS SETOF record
LANGUAGE plpgsql
AS $function$
DECLARE
    -- Months are subtracted in UTC: the session's zone has no say.
    utc_time CONSTANT timestamp := as_of AT TIME ZONE 'UTC';
    kept_from CONSTANT timestamp := utc_time - retention;
BEGIN
    -- interval '24' is 24 seconds.
    IF (isfinite(utc_time) AND kept_from <= utc_time - interval '28 days') IS NOT TRUE THEN
        RAISE EXCEPTION 'no retention of a month or more: %',
            coalesce(quote_literal(retention), 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Nothing was retired. Say how long to keep rows, a month at least: '
                         'interval ''24 months''.';
    END IF;
    FOR parent, partition, month IN
        SELECT whole.parent, whole.partition, whole.month
        FROM (SELECT partitions.*, (lower_bound AT TIME ZONE 'UTC')::date AS month
              FROM time_partitions() AS partitions
                   JOIN pg_class ON pg_class.oid = partitions.partition AND relkind = 'r'
              WHERE isfinite(lower_bound) AND upper_bound AT TIME ZONE 'UTC' <= kept_from) AS whole
        WHERE utc_month(whole.month) = tstzrange(lower_bound, upper_bound)
        ORDER BY whole.month, whole.parent::text
    LOOP
        IF measured THEN
            EXECUTE format('SELECT count(*) FROM %s', partition) INTO row_count;
            total_bytes := pg_total_relation_size(partition);
        END IF;
        RETURN NEXT;
    END LOOP;
END
$function$;

COMMENT ON FUNCTION retirable_partitions(interval, timestamptz, boolean) IS
'The partitions of whole months that ended longer ago than the retention, which '
'retire_partitions() would retire, with their rows and sizes. The retention is 28 days at least.';
