-- The function partition_report().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION partition_report(
    as_of timestamptz DEFAULT now(),
    OUT parent regclass, OUT partitions integer,
    OUT lower_bound timestamptz, OUT upper_bound timestamptz,
    OUT estimated_rows bigint, OUT total_bytes bigint,
    OUT gaps date[], OUT rows_in_default bigint, OUT months_ahead integer
) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    this_month CONSTANT timestamp := date_trunc('month', as_of AT TIME ZONE 'UTC');
    -- A row of the year 200000 leaves two million months without a partition.
    most_gaps CONSTANT integer := 1200;
    routine oid;
    here regnamespace;
    default_partition regclass;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    FOR parent, default_partition, partitions, lower_bound, upper_bound, gaps, months_ahead IN
        EXECUTE format($query$
            SELECT tables.parent, default_partition, count(partition), min(lower_bound),
                   max(upper_bound),
                   ARRAY(SELECT generate_series(first_month::timestamp, least(
                                    last_month, first_month + make_interval(months => $3)),
                                '1 month')::date
                         FROM %1$s.partition_gaps($1) AS gap WHERE gap.parent = tables.parent
                         ORDER BY 1 LIMIT $3),
                   coalesce((SELECT %1$s.month_number(date(least(
                                 upper(covered) AT TIME ZONE 'UTC', $2 + interval '1201 months')))
                             FROM unnest(%1$s.partition_coverage(tables.parent)) AS covered
                             WHERE covered @> $2 AT TIME ZONE 'UTC')
                            - %1$s.month_number(date($2)), 0) - 1
            FROM %1$s.time_partitioned_tables() AS tables
                 LEFT JOIN %1$s.time_partitions() AS each USING (parent)
            GROUP BY tables.parent, default_partition ORDER BY tables.parent::text
        $query$, here) USING as_of, this_month, most_gaps
    LOOP
        SELECT sum(CASE WHEN reltuples >= 0 THEN reltuples
                        ELSE pg_stat_get_live_tuples(leaf.relid) END),
               sum(pg_total_relation_size(leaf.relid))
        INTO estimated_rows, total_bytes
        FROM pg_partition_tree(parent) AS leaf JOIN pg_class ON pg_class.oid = leaf.relid
        WHERE isleaf;
        rows_in_default := NULL;
        IF default_partition IS NOT NULL THEN
            EXECUTE format('SELECT count(*) FROM %s', default_partition) INTO rows_in_default;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$function$;

REVOKE ALL ON FUNCTION partition_report(timestamptz) FROM PUBLIC;

COMMENT ON FUNCTION partition_report(timestamptz) IS
'For each partitioned table: its partitions besides DEFAULT, from when to when they reach, rows '
'and size in all, the first 1200 months missing in between, rows in DEFAULT (NULL: there is none), '
'and how many months after this one have partitions (-1: not even this one has).';
