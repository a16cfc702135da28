"""Create and retire monthly partitions.

Why: partitions by month have to be made in time, rows stranded in a DEFAULT partition moved to
their month, and old months retired; psql, pg_cron, Alembic and the project's command are to do
it the same way.
What: the procedures ensure_partitions and retire_partitions, the functions partition_report and
retirable_partitions, and what they are made of. No table changes; no partition is made here.
Reference: SDS 4.2 and 5; docs/decisions/050-partition-routines.md.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-21 08:06:25
"""

from alembic import op

revision: str = "0002"
down_revision: str | tuple[str, ...] | None = "0001"
branch_labels: str | tuple[str, ...] | None = None
depends_on: str | tuple[str, ...] | None = None


def upgrade() -> None:
    _create_create_month_partition()
    _create_ensure_partitions()
    _create_free_archive_name()
    _create_lock_tables()
    _create_months_without_partition()
    _create_partition_coverage()
    _create_partition_report()
    _create_referenced_table_locks()
    _create_retirable_partitions()
    _create_retire_partition()
    _create_retire_partitions()
    _create_run_with_retries()
    _create_suffixed_name()
    _create_time_partitioned_tables()
    _create_time_partitions()
    _create_utc_month()


def downgrade() -> None:
    op.execute("DROP FUNCTION utc_month")
    op.execute("DROP FUNCTION time_partitions")
    op.execute("DROP FUNCTION time_partitioned_tables")
    op.execute("DROP FUNCTION suffixed_name")
    op.execute("DROP PROCEDURE run_with_retries")
    op.execute("DROP PROCEDURE retire_partitions")
    op.execute("DROP FUNCTION retire_partition")
    op.execute("DROP FUNCTION retirable_partitions")
    op.execute("DROP FUNCTION referenced_table_locks")
    op.execute("DROP FUNCTION partition_report")
    op.execute("DROP FUNCTION partition_coverage")
    op.execute("DROP FUNCTION months_without_partition")
    op.execute("DROP PROCEDURE lock_tables")
    op.execute("DROP FUNCTION free_archive_name")
    op.execute("DROP PROCEDURE ensure_partitions")
    op.execute("DROP FUNCTION create_month_partition")


def _create_create_month_partition() -> None:
    op.execute("""
CREATE FUNCTION create_month_partition(
    of_table regclass, month date, referenced_last boolean DEFAULT false
) RETURNS bigint
LANGUAGE plpgsql
-- The bounds become literals.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
DECLARE
    bounds CONSTANT tstzrange := utc_month(month);
    -- SHARE ROW EXCLUSIVE is what ATTACH PARTITION takes on them for the foreign keys.
    referenced CONSTANT text[] := referenced_table_locks(of_table, 'SHARE ROW EXCLUSIVE');
    locks text[];
    partition text;
    columns text;
    owner name;
    key name;
    default_partition regclass;
    moved bigint := 0;
BEGIN
    SELECT quote_ident(suffixed_name(relname, to_char(lower(bounds), '"_p"YYYYMMDD'))),
           pg_get_userbyid(relowner), tables.partition_key, tables.default_partition
    INTO STRICT partition, owner, key, default_partition
    FROM time_partitioned_tables() AS tables JOIN pg_class ON pg_class.oid = tables.parent
    WHERE tables.parent = of_table;

    -- ATTACH PARTITION lets writers go on, and fails those whose rows are on their way to DEFAULT.
    locks := ARRAY[format('%s IN SHARE ROW EXCLUSIVE MODE', of_table),
                   default_partition::text || ' IN ACCESS EXCLUSIVE MODE'];
    locks := CASE WHEN referenced_last THEN locks || referenced ELSE referenced || locks END;
    CALL lock_tables(VARIADIC array_remove(locks, NULL));
    IF partition_coverage(of_table) @> bounds THEN
        RETURN NULL;
    END IF;

    -- PARTITION OF would lock out the readers of all partitions.
    EXECUTE format(
        'CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED'
        ' INCLUDING STORAGE INCLUDING COMPRESSION)', partition, of_table);
    IF owner <> current_user THEN
        -- Else the owner could not alter the table any more.
        BEGIN
            EXECUTE format('ALTER TABLE %s OWNER TO %I', partition, owner);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE EXCEPTION '% cannot be given to %, the owner of %: %',
                partition, owner, of_table, SQLERRM
                USING ERRCODE = 'insufficient_privilege';
        END;
    END IF;
    IF default_partition IS NOT NULL THEN
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
        FROM pg_attribute
        WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format(
            'WITH moved AS (DELETE FROM %1$s WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING %5$s)'
            ' INSERT INTO %6$s (%5$s) OVERRIDING SYSTEM VALUE SELECT %5$s FROM moved',
            default_partition, key, lower(bounds), upper(bounds), columns, partition);
        GET DIAGNOSTICS moved = ROW_COUNT;
    END IF;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                   of_table, partition, lower(bounds), upper(bounds));
    RETURN moved;
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION create_month_partition(regclass, date, boolean) IS
'Creates the partition of a month, owned as the table is, moves there what DEFAULT holds of it, '
'and returns how many rows that were; NULL if the month has a partition.'""")


def _create_ensure_partitions() -> None:
    op.execute("""
CREATE PROCEDURE ensure_partitions(
    months_ahead integer DEFAULT 3,
    as_of timestamptz DEFAULT now(),
    INOUT created integer DEFAULT 0,
    INOUT moved bigint DEFAULT 0,
    INOUT failed integer DEFAULT 0
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    this_month CONSTANT date := date_trunc('month', as_of AT TIME ZONE 'UTC');
    of_table regclass;
    month date;
    months text;
    rows_moved text;
    attempts integer;
    referenced_last boolean;
    done boolean;
BEGIN
    IF (months_ahead >= 0 AND isfinite(this_month)) IS NOT TRUE THEN
        RAISE EXCEPTION 'no number of months, 0 or more, from a finite time'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was created.';
    END IF;
    created := 0;
    moved := 0;
    failed := 0;
    FOR of_table IN SELECT parent FROM time_partitioned_tables() LOOP
        CALL run_with_retries(
            format('SELECT months_without_partition(%L, %L, %s)',
                   of_table, this_month, months_ahead),
            format('%s: its DEFAULT partition was not looked at', of_table),
            attempts, referenced_last, months, done);
        IF NOT done THEN
            failed := failed + 1;
            CONTINUE;
        END IF;
        FOREACH month IN ARRAY months::date[] LOOP
            CALL run_with_retries(
                format('SELECT create_month_partition(%L, %L, $1)', of_table, month),
                format('%s: no partition for %s, its rows stay in DEFAULT',
                       of_table, to_char(month, 'YYYY-MM')),
                attempts, referenced_last, rows_moved, done);
            IF NOT done THEN
                failed := failed + 1;
            ELSIF rows_moved IS NOT NULL THEN
                created := created + 1;
                moved := moved + rows_moved::bigint;
                RAISE NOTICE '%: partition for % created, % rows moved there from DEFAULT',
                    of_table, to_char(month, 'YYYY-MM'), rows_moved;
            END IF;
        END LOOP;
    END LOOP;
END
$procedure$""")
    op.execute("""
COMMENT ON PROCEDURE ensure_partitions(integer, timestamptz, integer, bigint, integer) IS
'Creates the monthly partitions of this month, of months_ahead months after it and of all rows in '
'DEFAULT, which it moves there. Commits once a month, so call it outside a transaction. What other '
'sessions'' locks prevent is a warning, counted in failed.'""")


def _create_free_archive_name() -> None:
    op.execute("""
CREATE FUNCTION free_archive_name(relation regclass) RETURNS name
LANGUAGE plpgsql STABLE
AS $function$
DECLARE
    own pg_class;
    candidate name;
    number integer := 1;
BEGIN
    SELECT * INTO STRICT own FROM pg_class WHERE oid = relation;
    candidate := own.relname;
    -- It is renamed where it is, before it moves.
    WHILE EXISTS (SELECT FROM pg_class
                  WHERE relname = candidate AND oid <> relation
                        AND relnamespace IN (own.relnamespace, to_regnamespace('archive'))) LOOP
        number := number + 1;
        candidate := suffixed_name(own.relname, format('_%s', number));
    END LOOP;
    RETURN candidate;
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION free_archive_name(regclass) IS
'The name that the relation can have in the schema archive: its own, or where others have that, '
'with _2, _3 and so on.'""")


def _create_lock_tables() -> None:
    op.execute("""
CREATE PROCEDURE lock_tables(VARIADIC locks text[])
LANGUAGE plpgsql
AS $procedure$
DECLARE
    -- PostgreSQL looks for deadlocks when a session has waited for deadlock_timeout. Whoever waits
    -- for the first of these locks began to wait after it was granted, so a session that gives up
    -- within that time is the one to yield: nobody else becomes the victim of a deadlock.
    patience CONSTANT interval := 0.8 * current_setting('deadlock_timeout')::interval;
    first_granted timestamptz;
    wanted text;
    remaining interval;
BEGIN
    FOREACH wanted IN ARRAY locks || NULL::text LOOP
        remaining := patience - coalesce(clock_timestamp() - first_granted, '0');
        PERFORM set_config('lock_timeout',
                           ceil(greatest(1, 1000 * extract(epoch FROM remaining)))::text, true);
        IF wanted IS NOT NULL THEN
            EXECUTE 'LOCK TABLE ONLY ' || wanted;
            first_granted := coalesce(first_granted, clock_timestamp());
        END IF;
    END LOOP;
END
$procedure$""")
    op.execute("""
COMMENT ON PROCEDURE lock_tables(text[]) IS
'Takes locks such as ''users IN SHARE MODE'' one after the other, all within less than '
'deadlock_timeout, and leaves lock_timeout at what remains of that until the end of the '
'transaction.'""")


def _create_months_without_partition() -> None:
    op.execute("""
CREATE FUNCTION months_without_partition(
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
$function$""")
    op.execute("""
COMMENT ON FUNCTION months_without_partition(regclass, date, integer) IS
'The first days of the months that lack a partition, of those from this_month to months_ahead '
'later and those with rows in DEFAULT.'""")


def _create_partition_coverage() -> None:
    op.execute("""
CREATE FUNCTION partition_coverage(of_table regclass) RETURNS tstzmultirange
LANGUAGE plpgsql STABLE
AS $function$
BEGIN
    RETURN coalesce(range_agg(tstzrange(lower_bound, upper_bound)), '{}')
           FROM time_partitions() WHERE parent = of_table;
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION partition_coverage(regclass) IS
'The time for which the table has partitions other than DEFAULT.'""")


def _create_partition_report() -> None:
    op.execute("""
CREATE FUNCTION partition_report(
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
$function$""")
    op.execute("""
COMMENT ON FUNCTION partition_report(timestamptz) IS
'For each partitioned table: its partitions besides DEFAULT, from when to when they reach, rows '
'and size in all, months missing in between, rows in DEFAULT (NULL: there is none), and how many '
'months after this one have partitions (-1: not even this one has).'""")


def _create_referenced_table_locks() -> None:
    op.execute("""
CREATE FUNCTION referenced_table_locks(of_table regclass, lock_mode text) RETURNS text[]
LANGUAGE sql STABLE
AS $function$
    -- Everyone takes them in this order.
    SELECT coalesce(array_agg(format('%s IN %s MODE', referenced, lock_mode)
                              ORDER BY referenced::oid), '{}')
    FROM (SELECT DISTINCT confrelid::regclass AS referenced
          FROM pg_constraint
          WHERE conrelid = of_table AND contype = 'f' AND confrelid <> of_table) AS foreign_keys
$function$""")
    op.execute("""
COMMENT ON FUNCTION referenced_table_locks(regclass, text) IS
'The locks, as lock_tables() takes them, on the tables that foreign keys of the given one refer '
'to.'""")


def _create_retirable_partitions() -> None:
    op.execute("""
CREATE FUNCTION retirable_partitions(
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
$function$""")
    op.execute("""
COMMENT ON FUNCTION retirable_partitions(interval, timestamptz, boolean) IS
'The partitions of whole months that ended longer ago than the retention, which '
'retire_partitions() would retire, with their rows and sizes. The retention is 28 days at least.'""")


def _create_retire_partition() -> None:
    op.execute("""
CREATE FUNCTION retire_partition(
    of_table regclass, retired regclass, drop boolean, referenced_last boolean DEFAULT false
) RETURNS text
LANGUAGE plpgsql
AS $function$
DECLARE
    -- Dropping a partition's foreign keys once it is detached locks the referenced tables; dropping
    -- the partition while it is attached does not.
    referenced CONSTANT text[] := CASE WHEN drop THEN '{}'
        ELSE referenced_table_locks(of_table, 'ACCESS EXCLUSIVE') END;
    locks text[];
    part text;
    relation regclass;
    archived name;
BEGIN
    SELECT ARRAY[format('%s IN ACCESS EXCLUSIVE MODE', of_table),
                 default_partition::text || ' IN ACCESS EXCLUSIVE MODE']
    INTO STRICT locks
    FROM time_partitioned_tables() WHERE parent = of_table;
    locks := CASE WHEN referenced_last THEN locks || referenced ELSE referenced || locks END;
    CALL lock_tables(VARIADIC array_remove(locks, NULL));
    PERFORM FROM pg_inherits WHERE inhparent = of_table AND inhrelid = retired;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    IF drop THEN
        EXECUTE format('DROP TABLE %s', retired);
        RETURN 'dropped';
    END IF;
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', of_table, retired);
    FOR part IN
        SELECT format('DROP CONSTRAINT %I', conname)
        FROM pg_constraint WHERE conrelid = retired AND contype = 'f'
        UNION ALL
        SELECT format('ALTER COLUMN %I DROP DEFAULT', attname)
        FROM pg_attribute WHERE attrelid = retired AND atthasdef AND attgenerated = ''
    LOOP
        EXECUTE format('ALTER TABLE %s %s', retired, part);
    END LOOP;
    -- A month that came back after its rows were archived brings the same names again.
    FOR relation IN SELECT indexrelid FROM pg_index WHERE indrelid = retired
                    UNION ALL SELECT retired
    LOOP
        archived := free_archive_name(relation);
        IF archived <> (SELECT relname FROM pg_class WHERE oid = relation) THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, archived);
        END IF;
    END LOOP;
    EXECUTE format('ALTER TABLE %s SET SCHEMA archive', retired);
    RETURN format('moved to archive.%I', archived);
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION retire_partition(regclass, regclass, boolean, boolean) IS
'Drops a partition, or moves it to the schema archive without its foreign keys and column '
'defaults, under a free name. Returns what became of it; NULL if it is no longer a partition of '
'the table.'""")


def _create_retire_partitions() -> None:
    op.execute("""
CREATE PROCEDURE retire_partitions(
    retention interval,
    drop boolean DEFAULT false,
    as_of timestamptz DEFAULT now(),
    INOUT retired integer DEFAULT 0,
    INOUT failed integer DEFAULT 0
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    chosen record;
    name text;
    attempts integer;
    referenced_last boolean;
    success text;
    done boolean;
BEGIN
    retired := 0;
    failed := 0;
    IF drop IS NULL THEN
        RAISE EXCEPTION 'drop is to be true or false'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was retired.';
    END IF;
    IF NOT drop AND EXISTS (SELECT FROM retirable_partitions(retention, as_of, false)) THEN
        IF to_regnamespace('archive') IS NULL THEN
            IF NOT has_database_privilege(current_database(), 'CREATE') THEN
                RAISE EXCEPTION 'there is no schema archive, and % may not create it', current_user
                    USING ERRCODE = 'insufficient_privilege',
                          HINT = format('Nothing was retired. As an administrator: '
                                        'CREATE SCHEMA archive AUTHORIZATION %I;', current_user);
            END IF;
            CREATE SCHEMA archive;
        ELSIF NOT (has_schema_privilege('archive', 'USAGE')
                   AND has_schema_privilege('archive', 'CREATE')) THEN
            RAISE EXCEPTION '% may not create tables in the schema archive', current_user
                USING ERRCODE = 'insufficient_privilege',
                      HINT = format('Nothing was retired. As its owner: '
                                    'GRANT USAGE, CREATE ON SCHEMA archive TO %I;', current_user);
        END IF;
    END IF;
    FOR chosen IN SELECT * FROM retirable_partitions(retention, as_of, false) LOOP
        name := chosen.partition;
        CALL run_with_retries(
            format('SELECT retire_partition(%L, %L, %L, $1)', chosen.parent, name, drop),
            format('%s was not retired', name), attempts, referenced_last, success, done);
        IF NOT done THEN
            failed := failed + 1;
        ELSIF success IS NOT NULL THEN
            retired := retired + 1;
            RAISE NOTICE '% %', name, success;
        END IF;
    END LOOP;
END
$procedure$""")
    op.execute("""
COMMENT ON PROCEDURE retire_partitions(interval, boolean, timestamptz, integer, integer) IS
'Retires what retirable_partitions() lists: to the schema archive, or dropped where that is asked '
'for. Commits once a partition, so call it outside a transaction. What other sessions'' locks '
'prevent is a warning, counted in failed.'""")


def _create_run_with_retries() -> None:
    op.execute("""
CREATE PROCEDURE run_with_retries(
    statement text, purpose text,
    INOUT attempts integer, INOUT referenced_last boolean, INOUT result text, INOUT done boolean
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    most_attempts CONSTANT integer := 10;
    pause CONSTANT double precision :=
        0.2 * extract(epoch FROM current_setting('deadlock_timeout')::interval);
    others_in_the_way boolean;
    reason text;
BEGIN
    attempts := coalesce(attempts, most_attempts);
    referenced_last := coalesce(referenced_last, false);
    done := false;
    FOR attempt IN 1 .. attempts LOOP
        IF attempt > 1 THEN
            PERFORM pg_sleep(pause * least(attempt, 5) * (0.5 + random()));
        END IF;
        COMMIT;
        -- What others have committed before a lock was granted must be seen after it.
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        BEGIN
            EXECUTE statement INTO result USING referenced_last;
            done := true;
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                others_in_the_way := true;
                reason := SQLERRM;
            WHEN OTHERS THEN
                others_in_the_way := false;
                reason := SQLERRM;
        END;
        COMMIT;
        EXIT WHEN done OR NOT others_in_the_way;
        -- An application that locks in the opposite order, always busy, would stop every attempt.
        referenced_last := NOT referenced_last;
    END LOOP;
    IF NOT done THEN
        RAISE WARNING '%: %', purpose, reason;
    END IF;
    -- Where others stay in the way, what follows is not to wait as long again.
    attempts := CASE WHEN done THEN most_attempts WHEN others_in_the_way THEN 1 ELSE attempts END;
END
$procedure$""")
    op.execute("""
COMMENT ON PROCEDURE run_with_retries(text, text, integer, boolean, text, boolean) IS
'Runs a statement in a transaction of its own, and again while other sessions'' locks are in the '
'way. In the statement $1 is referenced_last: whether to lock the referenced tables after the '
'others, which changes with each attempt. A failure is a warning that begins with the purpose.'""")


def _create_suffixed_name() -> None:
    op.execute("""
CREATE FUNCTION suffixed_name(base text, suffix text) RETURNS name
LANGUAGE plpgsql IMMUTABLE
AS $function$
BEGIN
    -- A name has 63 bytes at most, and PostgreSQL would cut off the suffix.
    WHILE octet_length(base || suffix) > 63 LOOP
        base := left(base, -1);
    END LOOP;
    RETURN base || suffix;
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION suffixed_name(text, text) IS
'The base with the suffix, as much of the base as a name has room for.'""")


def _create_time_partitioned_tables() -> None:
    op.execute("""
CREATE FUNCTION time_partitioned_tables(
    OUT parent regclass, OUT partition_key name, OUT default_partition regclass
) RETURNS SETOF record
LANGUAGE sql STABLE
AS $function$
    SELECT relation.oid, attname, nullif(partdefid, 0)
    FROM pg_partitioned_table
         JOIN pg_class AS relation ON relation.oid = partrelid
         JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0]
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
          AND NOT relispartition
          AND partstrat = 'r'
          AND partnatts = 1
          AND atttypid = 'timestamptz'::regtype
    ORDER BY relname
$function$""")
    op.execute("""
COMMENT ON FUNCTION time_partitioned_tables() IS
'The tables of the current schema that are partitioned by range of one timestamptz column, with '
'their DEFAULT partition, NULL where that is missing.'""")


def _create_time_partitions() -> None:
    op.execute(r"""
CREATE FUNCTION time_partitions(
    OUT parent regclass, OUT partition regclass,
    OUT lower_bound timestamptz, OUT upper_bound timestamptz
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
-- Bounds are printed in the session's style, and not every style can be read back.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
BEGIN
    RETURN QUERY
    SELECT tables.parent, relation.oid::regclass,
           coalesce(nullif(trim('''' FROM bounds[1]), 'MINVALUE'), '-infinity')::timestamptz,
           coalesce(nullif(trim('''' FROM bounds[2]), 'MAXVALUE'), 'infinity')::timestamptz
    FROM time_partitioned_tables() AS tables
         JOIN pg_inherits ON inhparent = tables.parent
         JOIN pg_class AS relation ON relation.oid = inhrelid,
         regexp_match(pg_get_expr(relpartbound, relation.oid),
                      '^FOR VALUES FROM \((.+)\) TO \((.+)\)$') AS bounds
    WHERE bounds IS NOT NULL
    ORDER BY relation.relname;
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION time_partitions() IS
'The partitions, other than DEFAULT, of the tables that time_partitioned_tables() lists; MINVALUE '
'and MAXVALUE are infinite bounds.'""")


def _create_utc_month() -> None:
    op.execute("""
CREATE FUNCTION utc_month(day date) RETURNS tstzrange
LANGUAGE sql IMMUTABLE
AS $function$
    -- Months are added to a timestamp without time zone: the session's zone has no say.
    SELECT tstzrange(first_day AT TIME ZONE 'UTC',
                     (first_day + interval '1 month') AT TIME ZONE 'UTC')
    FROM date_trunc('month', day::timestamp) AS first_day
$function$""")
    op.execute("""
COMMENT ON FUNCTION utc_month(date) IS
'The month in UTC that the day is in.'""")
