-- The function months_without_partition().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION months_without_partition(
    of_table regclass, this_month date, months_ahead integer
) RETURNS date[]
LANGUAGE plpgsql
AS $function$
DECLARE
    coverage CONSTANT tstzmultirange := partition_coverage(of_table);
    key name;
    default_partition regclass;
    stranded date[] := '{}';
BEGIN
    SELECT tables.partition_key, tables.default_partition INTO STRICT key, default_partition
    FROM time_partitioned_tables() AS tables WHERE tables.parent = of_table;
    IF default_partition IS NOT NULL THEN
        CALL lock_tables(format('%s IN ACCESS SHARE MODE', default_partition));
        -- The last month there is has no end that could be written.
        EXECUTE format(
            'SELECT ARRAY(SELECT DISTINCT date_trunc(''month'', %1$I AT TIME ZONE ''UTC'')::date'
            ' FROM %2$s WHERE isfinite(%1$I) AND %1$I < ''294276-12-01 00:00+00'')',
            key, default_partition)
        INTO stranded;
    END IF;
    RETURN ARRAY(
        SELECT month
        FROM (SELECT generate_series(this_month::timestamp,
                                     this_month + make_interval(months => months_ahead),
                                     '1 month')::date AS month
              UNION SELECT unnest(stranded)) AS wanted
        WHERE NOT coverage @> utc_month(month)
        ORDER BY month);
END
$function$;

COMMENT ON FUNCTION months_without_partition(regclass, date, integer) IS
'The first days of the months that lack a partition, of those from this_month to months_ahead '
'later and those with rows in DEFAULT.';
