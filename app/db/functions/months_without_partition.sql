CREATE OR REPLACE FUNCTION months_without_partition(
    of_table regclass, this_month date, months_ahead integer, most_rows integer
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- The months become literals.
SET DateStyle TO 'ISO'
AS $function$
DECLARE
    routine oid;
    here regnamespace;
    own record;
    stranded text := '';
    each record;
    too_large date[] := '{}';
    largest bigint := 0;
    hindered date[] := '{}';
    tasks jsonb := '[]';
    words text;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT tables.*, relname, %1$s.partition_coverage($1) AS coverage, hindrance, advice
        FROM %1$s.time_partitioned_tables() AS tables JOIN pg_class ON pg_class.oid = parent,
             (SELECT min(moves) AS hindrance, array_remove(array_agg(new_months), NULL) AS advice
              FROM %1$s.publication_notes() WHERE parent = $1) AS notes
        WHERE parent = $1
    $query$, here) INTO STRICT own USING of_table;
    IF own.default_partition IS NOT NULL THEN
        EXECUTE format('CALL %s.lock_tables(VARIADIC $1)', here)
        USING ARRAY[format('%s IN ACCESS SHARE MODE', own.default_partition)];
        -- The first month there is has no beginning that could be written, the last no end.
        stranded := format(
            'UNION ALL SELECT date_trunc(''month'', %1$I AT TIME ZONE ''UTC'')::date, count(*)'
            ' FROM %2$s WHERE %1$I >= ''4714-12-01 00:00+00 BC'' AND %1$I < ''294276-12-01 00:00+00'''
            ' GROUP BY 1', own.partition_key, own.default_partition);
    END IF;
    FOR each IN EXECUTE format($query$
        SELECT month, sum(rows)::bigint AS rows
        FROM (SELECT generate_series($1::timestamp, $1 + make_interval(months => $2),
                                     '1 month')::date, 0
              %2$s) AS wanted (month, rows)
        WHERE NOT $3 @> %1$s.utc_month(month)
        GROUP BY month
        -- What is needed next comes first.
        ORDER BY month < $1, month
    $query$, here, stranded) USING this_month, months_ahead, own.coverage
    LOOP
        IF each.rows > most_rows THEN
            too_large := too_large || each.month;
            largest := greatest(largest, each.rows);
        ELSIF each.rows > 0 AND own.hindrance IS NOT NULL THEN
            hindered := hindered || each.month;
        ELSE
            tasks := tasks || jsonb_build_object(
                'statement', format(
                    'SELECT %s.create_month_partition(%L::oid::regclass, %L::date, $1)',
                    here, of_table::oid, each.month),
                'purpose', format('%s: no partition for %s, its rows stay in DEFAULT',
                                  own.relname, to_char(each.month, 'YYYY-MM')));
        END IF;
    END LOOP;

    IF too_large <> '{}' THEN
        EXECUTE format('SELECT %s.months_in_words($1)', here) INTO words USING too_large;
        RAISE WARNING '%: the rows of % stay in DEFAULT: more than % a month would stop writers too'
            ' long; in a quiet hour: CALL %.ensure_partitions(most_rows => %)',
            own.relname, words, most_rows, here, largest;
    END IF;
    IF hindered <> '{}' THEN
        EXECUTE format('SELECT %s.months_in_words($1)', here) INTO words USING hindered;
        RAISE WARNING '%: the rows of % stay in DEFAULT: %', own.relname, words, own.hindrance;
    END IF;
    IF tasks <> '[]' THEN
        FOREACH words IN ARRAY coalesce(own.advice, '{}') LOOP
            RAISE WARNING '%: %', own.relname, words;
        END LOOP;
    END IF;
    RETURN jsonb_build_object(
        'tasks', tasks, 'failed', cardinality(too_large) + cardinality(hindered));
END
$function$;

REVOKE ALL ON FUNCTION months_without_partition(regclass, date, integer, integer) FROM PUBLIC;

COMMENT ON FUNCTION months_without_partition(regclass, date, integer, integer) IS
'The tasks of making the months that lack a partition, of those from this_month to months_ahead '
'later and those with rows in DEFAULT, and in failed how many must not be made, of which it warns.';
