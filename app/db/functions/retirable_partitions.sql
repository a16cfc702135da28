CREATE OR REPLACE FUNCTION retirable_partitions(
    retention interval, as_of timestamptz DEFAULT now(), measured boolean DEFAULT true,
    OUT parent regclass, OUT partition regclass, OUT month date,
    OUT row_count bigint, OUT total_bytes bigint
) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    -- Months are subtracted in UTC: the session's zone has no say.
    utc_time CONSTANT timestamp := as_of AT TIME ZONE 'UTC';
    kept_from CONSTANT timestamp := utc_time - retention;
    routine oid;
BEGIN
    -- interval '24' is 24 seconds.
    IF (isfinite(utc_time) AND kept_from <= utc_time - interval '28 days') IS NOT TRUE THEN
        RAISE EXCEPTION 'no retention of a month or more: %',
            coalesce(quote_literal(retention), 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Nothing was retired. Say how long to keep rows, a month at least: '
                         'interval ''24 months''.';
    END IF;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    FOR parent, partition, month IN EXECUTE format($query$
        SELECT whole.parent, whole.partition, whole.month
        FROM (SELECT partitions.*, (lower_bound AT TIME ZONE 'UTC')::date AS month
              FROM %1$s.time_partitions() AS partitions
                   JOIN pg_class ON pg_class.oid = partitions.partition AND relkind = 'r'
              WHERE isfinite(lower_bound) AND upper_bound AT TIME ZONE 'UTC' <= $1) AS whole
        WHERE %1$s.utc_month(whole.month) = tstzrange(lower_bound, upper_bound)
        ORDER BY whole.month, whole.parent::text
    $query$, (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine)) USING kept_from
    LOOP
        row_count := NULL;
        -- One that another role has made may not be readable.
        IF measured AND has_table_privilege(partition, 'SELECT') THEN
            EXECUTE format('SELECT count(*) FROM %s', partition) INTO row_count;
        END IF;
        total_bytes := CASE WHEN measured THEN pg_total_relation_size(partition) END;
        RETURN NEXT;
    END LOOP;
END
$function$;

REVOKE ALL ON FUNCTION retirable_partitions(interval, timestamptz, boolean) FROM PUBLIC;

COMMENT ON FUNCTION retirable_partitions(interval, timestamptz, boolean) IS
'The partitions of whole months that ended longer ago than the retention, which '
'retire_partitions() would retire, with their rows and sizes. The retention is 28 days at least.';
