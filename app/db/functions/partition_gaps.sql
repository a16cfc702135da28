CREATE OR REPLACE FUNCTION partition_gaps(
    as_of timestamptz DEFAULT now(),
    OUT parent regclass, OUT first_month date, OUT last_month date,
    OUT months integer, OUT retention text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    utc_time CONSTANT timestamp := as_of AT TIME ZONE 'UTC';
    routine oid;
    age integer;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    FOR parent, first_month, last_month, months, age IN EXECUTE format($query$
        SELECT parent, first, last, %1$s.month_number(last) - %1$s.month_number(first) + 1,
               %1$s.month_number($1) - %1$s.month_number(last) - 1
        FROM (SELECT parent, range_agg(tstzrange(lower_bound, upper_bound)) AS coverage
              FROM %1$s.time_partitions() GROUP BY parent) AS tables,
             unnest(tstzmultirange(range_merge(coverage)) - coverage) AS gap,
             date((date_trunc('month', lower(gap) AT TIME ZONE 'UTC'))) AS first,
             date(upper(gap) AT TIME ZONE 'UTC' - interval '1 microsecond') AS last_day,
             date(date_trunc('month', last_day::timestamp)) AS last
        ORDER BY parent::text, gap
    $query$, (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine))
    USING utc_time::date
    LOOP
        -- So old is the month after the gap, and 28 days the least that can be said.
        age := greatest(1, age);
        retention := CASE WHEN utc_time - make_interval(months => age) >= first_month
                     THEN format(CASE age WHEN 1 THEN '%s month' ELSE '%s months' END, age) END;
        RETURN NEXT;
    END LOOP;
END
$function$;

COMMENT ON FUNCTION partition_gaps(timestamptz) IS
'The months without a partition between others that have one, each run of them from its first '
'month to its last, and the retention that retires what lies before it, NULL if none does.';
