-- The function partition_report().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION partition_report(
    as_of timestamptz DEFAULT now(),
    OUT parent regclass, OUT partitions integer,
    OUT lower_bound timestamptz, OUT upper_bound timestamptz,
    OUT estimated_rows bigint, OUT total_bytes bigint,
    OUT gaps date[], OUT rows_in_default bigint, OUT months_ahead integer
) RETURNS SETOF record
LANGUAGE plpgsql
AS $function$
DECLARE
    this_month CONSTANT timestamp := date_trunc('month', as_of AT TIME ZONE 'UTC');
    coverage tstzmultirange;
    covered_until timestamp;
    default_partition regclass;
BEGIN
    FOR parent, default_partition IN
        SELECT tables.parent, tables.default_partition FROM time_partitioned_tables() AS tables
    LOOP
        SELECT count(*), min(each.lower_bound), max(each.upper_bound)
        INTO partitions, lower_bound, upper_bound
        FROM time_partitions() AS each WHERE each.parent = partition_report.parent;

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

        coverage := partition_coverage(parent);
        gaps := ARRAY(
            SELECT generate_series(date_trunc('month', lower(gap) AT TIME ZONE 'UTC'),
                                   upper(gap) AT TIME ZONE 'UTC' - interval '1 microsecond',
                                   '1 month')::date
            FROM unnest(tstzmultirange(tstzrange(lower_bound, upper_bound)) - coverage) AS gap
            ORDER BY 1);

        SELECT least(upper(covered), as_of + interval '1201 months') AT TIME ZONE 'UTC'
        INTO covered_until
        FROM unnest(coverage) AS covered WHERE covered @> this_month AT TIME ZONE 'UTC';
        months_ahead := coalesce(
            12 * (date_part('year', covered_until) - date_part('year', this_month))
            + date_part('month', covered_until) - date_part('month', this_month), 0) - 1;
        RETURN NEXT;
    END LOOP;
END
$function$;

COMMENT ON FUNCTION partition_report(timestamptz) IS
'For each partitioned table: its partitions besides DEFAULT, from when to when they reach, rows '
'and size in all, months missing in between, rows in DEFAULT (NULL: there is none), and how many '
'months after this one have partitions (-1: not even this one has).';
