"""Run nobody else's code in the partitions' routines, and move rows for subscribers.

Why: the routines ran other roles' triggers, policies and functions as whoever called them; rows
that they moved out of DEFAULT did not reach logical subscribers.
What: routines that run as their owner, find each other without the search_path, touch the owner's
tables only, and move rows between attached partitions. No table changes; no partition is made.
Reference: docs/decisions/050-partition-routines.md, 051-partition-locks.md, 052-retired-partitions.md.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-25 03:20:00
"""

from alembic import op

revision: str = "0004"
down_revision: str | tuple[str, ...] | None = "0003"
branch_labels: str | tuple[str, ...] | None = None
depends_on: str | tuple[str, ...] | None = None

# The routines keep their owner, whoever migrates: it is the role that they run as.
_AS_THE_OWNER = """
SELECT set_config('creativeflow.role', current_setting('role'), true),
       set_config('role', rolname::text, true)
FROM pg_proc JOIN pg_roles ON pg_roles.oid = proowner
     JOIN pg_namespace ON pg_namespace.oid = pronamespace
WHERE proname = 'utc_month' AND nspname = current_schema() AND rolname <> current_user"""
_AS_BEFORE = """
SELECT set_config('role', role, true)
FROM nullif(current_setting('creativeflow.role', true), '') AS role WHERE role IS NOT NULL"""


def upgrade() -> None:
    op.execute(_AS_THE_OWNER)
    # squawk-ignore ban-drop-function: only the routines call those that do not come again alike.
    op.execute("DROP PROCEDURE run_with_retries(text, text, integer, boolean, text, boolean)")
    op.execute("DROP FUNCTION retire_partition(regclass, regclass, boolean, boolean)")
    op.execute("DROP FUNCTION months_without_partition(regclass, date, integer)")
    op.execute("DROP PROCEDURE ensure_partitions(integer, timestamptz, integer, bigint, integer)")
    op.execute("DROP FUNCTION create_month_partition(regclass, date, boolean)")
    _create_all_time_partitioned_tables()
    _create_attach_month()
    _create_create_month_partition()
    _create_disable_triggers()
    _create_ensure_partitions()
    _create_ensure_tasks()
    _create_free_archive_name()
    _create_lock_tables()
    _create_month_number()
    _create_months_in_words()
    _create_months_without_partition()
    _create_partition_coverage()
    _create_partition_gaps()
    _create_partition_report()
    _create_partitions_of()
    _create_publication_notes()
    _create_referenced_table_locks()
    _create_retirable_partitions()
    _create_retire_partition()
    _create_retire_partitions()
    _create_retire_tasks()
    _create_run_next_task()
    _create_suffixed_name()
    _create_time_partitioned_tables()
    _create_time_partitions()
    _create_utc_month()
    _create_warn_of_skipped_tables()
    op.execute(_AS_BEFORE)


def downgrade() -> None:
    op.execute(_AS_THE_OWNER)
    op.execute("DROP FUNCTION warn_of_skipped_tables()")
    op.execute("DROP FUNCTION run_next_task(jsonb)")
    op.execute("DROP FUNCTION retire_tasks(interval, boolean, timestamptz)")
    op.execute("DROP FUNCTION retire_partition(regclass, regclass, boolean, boolean)")
    op.execute("DROP FUNCTION publication_notes()")
    op.execute("DROP FUNCTION partitions_of(regclass)")
    op.execute("DROP FUNCTION partition_gaps(timestamptz)")
    op.execute("DROP FUNCTION months_without_partition(regclass, date, integer, integer)")
    op.execute("DROP FUNCTION months_in_words(date[])")
    op.execute("DROP FUNCTION month_number(date)")
    op.execute("DROP FUNCTION ensure_tasks(integer, timestamptz, integer)")
    op.execute(
        "DROP PROCEDURE ensure_partitions(integer, timestamptz, integer, integer, bigint, integer)"
    )
    op.execute("DROP FUNCTION disable_triggers(regclass)")
    op.execute("DROP FUNCTION create_month_partition(regclass, date, boolean)")
    op.execute("DROP FUNCTION attach_month(regclass, text, tstzrange)")
    op.execute("DROP FUNCTION all_time_partitioned_tables()")
    _restore_create_month_partition()
    _restore_ensure_partitions()
    _restore_free_archive_name()
    _restore_lock_tables()
    _restore_months_without_partition()
    _restore_partition_coverage()
    _restore_partition_report()
    _restore_referenced_table_locks()
    _restore_retirable_partitions()
    _restore_retire_partition()
    _restore_retire_partitions()
    _restore_run_with_retries()
    _restore_suffixed_name()
    _restore_time_partitioned_tables()
    _restore_time_partitions()
    _restore_utc_month()
    op.execute("GRANT EXECUTE ON PROCEDURE lock_tables(text[]) TO PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION partition_report(timestamptz) TO PUBLIC")
    op.execute(
        "GRANT EXECUTE ON FUNCTION retirable_partitions(interval, timestamptz, boolean) TO PUBLIC"
    )
    op.execute(
        "GRANT EXECUTE ON PROCEDURE retire_partitions(interval, boolean, timestamptz, integer, integer) TO PUBLIC"
    )
    op.execute(_AS_BEFORE)


def _create_all_time_partitioned_tables() -> None:
    op.execute("""
CREATE FUNCTION all_time_partitioned_tables(
    OUT parent regclass, OUT partition_key name, OUT default_partition regclass,
    OUT own boolean, OUT skipped text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
SET plan_cache_mode TO 'force_generic_plan'
AS $function$
DECLARE
    routine oid;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    RETURN QUERY
    WITH self AS (
        SELECT pronamespace, pg_roles.oid AS owner, rolsuper OR rolbypassrls AS sees_all_rows
        FROM pg_proc JOIN pg_roles ON pg_roles.oid = proowner WHERE pg_proc.oid = routine
    ), code AS (
        SELECT pg_proc.oid, format('runs %s, which belongs to %s', pg_proc.oid::regprocedure,
                                   proowner::regrole) AS whose
        FROM self CROSS JOIN pg_proc JOIN pg_roles ON pg_roles.oid = proowner
        WHERE proowner <> owner AND NOT rolsuper
    ), use AS (
        SELECT classid, objid, whose
        FROM code JOIN pg_depend ON refclassid = 'pg_proc'::regclass AND refobjid = code.oid
        UNION ALL
        SELECT classid, objid, whose
        FROM code JOIN pg_operator AS operator ON oprcode = code.oid
             JOIN pg_depend ON refclassid = 'pg_operator'::regclass AND refobjid = operator.oid
    ), foreign_code AS (
        SELECT pg_partition_root(CASE classid
               WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE oid = objid)
               WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy WHERE oid = objid)
               WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class FROM pg_rewrite WHERE oid = objid)
               WHEN 'pg_attrdef'::regclass THEN (SELECT adrelid FROM pg_attrdef WHERE oid = objid)
               WHEN 'pg_constraint'::regclass THEN
                   (SELECT conrelid FROM pg_constraint WHERE oid = objid)
               WHEN 'pg_class'::regclass THEN
                   (SELECT indrelid FROM pg_index WHERE indexrelid = objid)
               END) AS root, min(pg_describe_object(classid, objid, 0) || ' ' || whose) AS reason
        FROM use GROUP BY 1
    )
    SELECT root.oid::regclass, attname, rest.oid::regclass, root.relowner = owner,
           CASE
           WHEN root.relowner <> owner THEN
               format('it belongs to %s, not to %s', root.relowner::regrole, owner::regrole)
           WHEN rest.relowner <> owner THEN
               format('its DEFAULT partition belongs to %s, not to %s',
                      rest.relowner::regrole, owner::regrole)
           WHEN NOT sees_all_rows
                AND (root.relrowsecurity AND root.relforcerowsecurity
                     OR rest.relrowsecurity AND rest.relforcerowsecurity) THEN
               format('row level security is forced on %s too', owner::regrole)
           ELSE reason
           END
    FROM self JOIN pg_class AS root ON root.relnamespace = pronamespace
         JOIN pg_partitioned_table ON partrelid = root.oid
         JOIN pg_attribute ON attrelid = root.oid AND attnum = partattrs[0]
         LEFT JOIN pg_class AS rest ON rest.oid = partdefid
         LEFT JOIN foreign_code ON foreign_code.root = root.oid
    WHERE NOT root.relispartition
          AND partstrat = 'r'
          AND partnatts = 1
          AND atttypid = 'timestamptz'::regtype
    ORDER BY root.relname;
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION all_time_partitioned_tables() IS
'The tables beside this function that are partitioned by range of one timestamptz column, with '
'their DEFAULT partition, NULL where that is missing, and whether they belong to the owner of the '
'routines. Those run nobody else''s code: where skipped says why, they leave the table alone.'""")


def _create_attach_month() -> None:
    op.execute("""
CREATE FUNCTION attach_month(
    of_table regclass, partition text, bounds tstzrange
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- The bounds become literals.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
DECLARE
    -- What PARTITION OF takes over from the table, LIKE and ATTACH do not.
    storage CONSTANT text := (
        SELECT concat(' USING ' || quote_ident(amname), ' TABLESPACE ' || quote_ident(spcname))
        FROM pg_class LEFT JOIN pg_am ON pg_am.oid = relam
             LEFT JOIN pg_tablespace ON pg_tablespace.oid = reltablespace
        WHERE pg_class.oid = of_table);
    identity text;
BEGIN
    -- PARTITION OF would lock out the readers of all partitions.
    EXECUTE format(
        'CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED'
        ' INCLUDING STORAGE INCLUDING COMPRESSION)%s', partition, of_table, storage);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                   of_table, partition, lower(bounds), upper(bounds));

    SELECT CASE root.relreplident
           WHEN 'f' THEN 'FULL'
           WHEN 'n' THEN 'NOTHING'
           WHEN 'i' THEN 'USING INDEX ' || (
               SELECT quote_ident(own.relname)
               FROM pg_index AS key JOIN pg_inherits ON inhparent = key.indexrelid
                    JOIN pg_index AS own_key ON own_key.indexrelid = inhrelid
                    JOIN pg_class AS own ON own.oid = inhrelid
               WHERE key.indrelid = of_table AND key.indisreplident
                     AND own_key.indrelid = partition::regclass)
           END
    INTO identity
    FROM pg_class AS root WHERE root.oid = of_table;
    IF identity IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', partition, identity);
    END IF;
END
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION attach_month(regclass, text, tstzrange) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION attach_month(regclass, text, tstzrange) IS
'Creates an empty partition, of the given quoted name, in the table''s tablespace and with its '
'replica identity.'""")


def _create_create_month_partition() -> None:
    op.execute("""
CREATE FUNCTION create_month_partition(
    of_table regclass, month date, referenced_last boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- The bounds become literals.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
DECLARE
    routine oid;
    here regnamespace;
    own record;
    partition text;
    locks text[];
    covered boolean;
    of_month text;
    columns text;
    hindrance text;
    moving boolean := false;
    moved bigint := 0;
    enabling text[] := '{}';
    statement text;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT tables.*, relname, %1$s.utc_month($2) AS bounds,
               -- That is what ATTACH PARTITION takes on them for the foreign keys.
               %1$s.referenced_table_locks($1, 'SHARE ROW EXCLUSIVE'::text) AS referenced
        FROM %1$s.time_partitioned_tables() AS tables JOIN pg_class ON pg_class.oid = parent
        WHERE parent = $1
    $query$, here) INTO STRICT own USING of_table, month;

    -- ATTACH PARTITION lets writers go on, and fails those whose rows are on their way to DEFAULT.
    locks := ARRAY[format('%s IN SHARE ROW EXCLUSIVE MODE', of_table),
                   own.default_partition::text || ' IN ACCESS EXCLUSIVE MODE'];
    locks := CASE WHEN referenced_last THEN locks || own.referenced ELSE own.referenced || locks END;
    EXECUTE format('CALL %s.lock_tables(VARIADIC $1)', here) USING array_remove(locks, NULL);
    EXECUTE format('SELECT %s.partition_coverage($1) @> $2', here)
    INTO covered USING of_table, own.bounds;
    IF covered THEN
        RETURN NULL;
    END IF;

    of_month := format('%1$I >= %2$L AND %1$I < %3$L',
                       own.partition_key, lower(own.bounds), upper(own.bounds));
    IF own.default_partition IS NOT NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %s)', own.default_partition, of_month)
        INTO moving;
    END IF;
    IF moving THEN
        EXECUTE format(
            'SELECT moves FROM %s.publication_notes() WHERE parent = $1 AND moves IS NOT NULL', here)
        INTO hindrance USING of_table;
        IF hindrance IS NOT NULL THEN
            RAISE EXCEPTION '%', hindrance;
        END IF;
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
        FROM pg_attribute
        WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        -- Only what goes from one partition to another, both attached, reaches subscribers whole.
        -- A temporary table is in no publication.
        EXECUTE format('CREATE TEMPORARY TABLE moved_rows ON COMMIT DROP AS SELECT %s FROM %s'
                       ' WITH NO DATA', columns, own.default_partition);
        EXECUTE format('SELECT %s.disable_triggers($1)', here)
        INTO enabling USING own.default_partition;
        EXECUTE format(
            'WITH gone AS (DELETE FROM %1$s WHERE %2$s RETURNING %3$s)'
            ' INSERT INTO pg_temp.moved_rows SELECT %3$s FROM gone',
            own.default_partition, of_month, columns);
    END IF;
    EXECUTE format('SELECT %s.suffixed_name($1, $2)', here) INTO partition USING own.relname::text,
        to_char(lower(own.bounds), CASE WHEN lower(own.bounds) < '0001-01-01 00:00+00'
                                   THEN '"_p"YYYYMMDD"bc"' ELSE '"_p"YYYYMMDD' END);
    partition := format('%s.%I', here, partition);
    EXECUTE format('SELECT %s.attach_month($1, $2, $3)', here)
    USING of_table, partition, own.bounds;
    IF moving THEN
        EXECUTE format('SELECT $2 || %s.disable_triggers($1)', here)
        INTO enabling USING partition::regclass, enabling;
        -- What is checked later would stand in the way of enabling the triggers.
        SET CONSTRAINTS ALL IMMEDIATE;
        EXECUTE format(
            'INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pg_temp.moved_rows',
            partition, columns);
        GET DIAGNOSTICS moved = ROW_COUNT;
        FOREACH statement IN ARRAY enabling LOOP
            EXECUTE statement;
        END LOOP;
    END IF;
    RETURN jsonb_build_object('created', 1, 'moved', moved, 'notice', format(
        '%s: partition for %s created, %s rows moved there from DEFAULT',
        own.relname, to_char(month, 'YYYY-MM'), moved));
END
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION create_month_partition(regclass, date, boolean) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION create_month_partition(regclass, date, boolean) IS
'Creates the partition of a month, like the others of the table, moves there what DEFAULT holds of '
'it, without firing triggers, and returns what was done; NULL if the month has a partition.'""")


def _create_disable_triggers() -> None:
    op.execute("""
CREATE FUNCTION disable_triggers(relation regclass) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    enabling CONSTANT text[] := ARRAY(
        SELECT format('ALTER TABLE %s ENABLE %s TRIGGER %I', relation,
                      CASE tgenabled WHEN 'R' THEN 'REPLICA' WHEN 'A' THEN 'ALWAYS' END, tgname)
        FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal AND tgenabled <> 'D');
BEGIN
    IF enabling <> '{}' THEN
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', relation);
    END IF;
    RETURN enabling;
END
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION disable_triggers(regclass) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION disable_triggers(regclass) IS
'Disables the triggers of a table, all but those of its foreign keys, and returns the statements '
'that enable again those that were enabled.'""")


def _create_ensure_partitions() -> None:
    op.execute("""
CREATE PROCEDURE ensure_partitions(
    months_ahead integer DEFAULT 3,
    as_of timestamptz DEFAULT now(),
    most_rows integer DEFAULT 50000,
    INOUT created integer DEFAULT 0,
    INOUT moved bigint DEFAULT 0,
    INOUT failed integer DEFAULT 0
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    -- What commits can neither pin its search_path nor run as its owner. So this only controls
    -- transactions, with every name qualified; functions that do both do the work.
    routine pg_catalog.oid;
    here pg_catalog.regnamespace;
    state pg_catalog.jsonb;
BEGIN
    COMMIT;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    SELECT pronamespace INTO here
    FROM pg_catalog.pg_proc WHERE oid OPERATOR(pg_catalog.=) routine;
    EXECUTE pg_catalog.format('SELECT %s.ensure_tasks($1, $2, $3)', here)
    INTO state USING months_ahead, as_of, most_rows;
    COMMIT;
    WHILE state OPERATOR(pg_catalog.#>) '{tasks,0}' IS NOT NULL LOOP
        PERFORM pg_catalog.pg_sleep((state OPERATOR(pg_catalog.->>) 'pause')::pg_catalog.float8);
        COMMIT;
        -- What others have committed before a lock was granted must be seen after it.
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        EXECUTE pg_catalog.format('SELECT %s.run_next_task($1)', here) INTO state USING state;
        COMMIT;
    END LOOP;
    created := state OPERATOR(pg_catalog.->>) 'created';
    moved := state OPERATOR(pg_catalog.->>) 'moved';
    failed := state OPERATOR(pg_catalog.->>) 'failed';
END
$procedure$""")
    op.execute("""
REVOKE ALL ON PROCEDURE ensure_partitions(integer, timestamptz, integer, integer, bigint, integer)
    FROM PUBLIC""")
    op.execute("""
COMMENT ON PROCEDURE ensure_partitions(integer, timestamptz, integer, integer, bigint, integer) IS
'Creates the monthly partitions of this month, of months_ahead months after it and of all rows in '
'DEFAULT, which it moves there if a month has no more than most_rows. Commits once a month, so '
'call it outside a transaction. What was not done is a warning, counted in failed.'""")


def _create_ensure_tasks() -> None:
    op.execute("""
CREATE FUNCTION ensure_tasks(
    months_ahead integer, as_of timestamptz, most_rows integer
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- The month becomes a literal.
SET DateStyle TO 'ISO'
AS $function$
DECLARE
    this_month CONSTANT date := date_trunc('month', as_of AT TIME ZONE 'UTC');
    routine oid;
    here regnamespace;
    state jsonb;
BEGIN
    IF (months_ahead >= 0 AND isfinite(this_month)) IS NOT TRUE THEN
        RAISE EXCEPTION 'no number of months, 0 or more, from a finite time'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was created.';
    ELSIF (most_rows >= 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'no number of rows, 0 or more'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was created.';
    END IF;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT jsonb_build_object(
            'created', 0, 'moved', 0, 'failed', %1$s.warn_of_skipped_tables(), 'tasks', ARRAY(
            SELECT jsonb_build_object(
                'statement', format(
                    'SELECT %%s.months_without_partition(%%L::oid::regclass, %%L::date, %%s, %%s)',
                    $1, parent::oid, $2, $3, $4),
                'purpose', format('%%s: its DEFAULT partition was not looked at', relname))
            FROM %1$s.time_partitioned_tables() JOIN pg_class ON pg_class.oid = parent))
    $query$, here) INTO state USING here, this_month, months_ahead, most_rows;
    RETURN state;
END
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION ensure_tasks(integer, timestamptz, integer) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION ensure_tasks(integer, timestamptz, integer) IS
'What ensure_partitions() begins with, as run_next_task() takes it.'""")


def _create_free_archive_name() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION free_archive_name(relation regclass) RETURNS name
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
    own pg_class;
    candidate name;
    number integer := 1;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    SELECT * INTO STRICT own FROM pg_class WHERE oid = relation;
    candidate := own.relname;
    -- It is renamed where it is, before it moves.
    WHILE EXISTS (SELECT FROM pg_class
                  WHERE relname = candidate AND oid <> relation
                        AND relnamespace IN (own.relnamespace, to_regnamespace('archive'))) LOOP
        number := number + 1;
        EXECUTE format('SELECT %s.suffixed_name($1, $2)',
                       (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine))
        INTO candidate USING own.relname::text, format('_%s', number);
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
CREATE OR REPLACE PROCEDURE lock_tables(VARIADIC locks text[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
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
REVOKE ALL ON PROCEDURE lock_tables(text[]) FROM PUBLIC""")
    op.execute("""
COMMENT ON PROCEDURE lock_tables(text[]) IS
'Takes locks such as ''public.users IN SHARE MODE'' one after the other, all within less than '
'deadlock_timeout, and leaves lock_timeout at what remains of that until the end of the '
'transaction.'""")


def _create_month_number() -> None:
    op.execute("""
CREATE FUNCTION month_number(day date) RETURNS integer
LANGUAGE sql IMMUTABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
    -- There is no year 0: it is the one before the first.
    SELECT 12 * (year + (year < 0)::integer) + date_part('month', day)::integer
    FROM (SELECT date_part('year', day)::integer AS year) AS in_years
$function$""")
    op.execute("""
COMMENT ON FUNCTION month_number(date) IS
'The month that the day is in as a number, by which months can be counted.'""")


def _create_months_in_words() -> None:
    op.execute("""
CREATE FUNCTION months_in_words(months date[]) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
    SELECT to_char(min(month), 'YYYY-MM')
           || CASE WHEN count(*) > 1
              THEN format(' to %s (%s months)', to_char(max(month), 'YYYY-MM'), count(*)) ELSE '' END
    FROM unnest(months) AS month
$function$""")
    op.execute("""
COMMENT ON FUNCTION months_in_words(date[]) IS
'The first and the last of the months, and how many they are.'""")


def _create_months_without_partition() -> None:
    op.execute("""
CREATE FUNCTION months_without_partition(
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
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION months_without_partition(regclass, date, integer, integer) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION months_without_partition(regclass, date, integer, integer) IS
'The tasks of making the months that lack a partition, of those from this_month to months_ahead '
'later and those with rows in DEFAULT, and in failed how many must not be made, of which it warns.'""")


def _create_partition_coverage() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION partition_coverage(of_table regclass) RETURNS tstzmultirange
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
    coverage tstzmultirange;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    EXECUTE format('SELECT range_agg(tstzrange(lower_bound, upper_bound)) FROM %s.partitions_of($1)',
                   (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine))
    INTO coverage USING of_table;
    RETURN coalesce(coverage, '{}');
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION partition_coverage(regclass) IS
'The time for which the table has partitions other than DEFAULT.'""")


def _create_partition_gaps() -> None:
    op.execute("""
CREATE FUNCTION partition_gaps(
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
$function$""")
    op.execute("""
COMMENT ON FUNCTION partition_gaps(timestamptz) IS
'The months without a partition between others that have one, each run of them from its first '
'month to its last, and the retention that retires what lies before it, NULL if none does.'""")


def _create_partition_report() -> None:
    op.execute("""
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
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION partition_report(timestamptz) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION partition_report(timestamptz) IS
'For each partitioned table: its partitions besides DEFAULT, from when to when they reach, rows '
'and size in all, the first 1200 months missing in between, rows in DEFAULT (NULL: there is none), '
'and how many months after this one have partitions (-1: not even this one has).'""")


def _create_partitions_of() -> None:
    op.execute(r"""
CREATE FUNCTION partitions_of(
    of_table regclass,
    OUT partition regclass, OUT lower_bound timestamptz, OUT upper_bound timestamptz
) RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path TO pg_catalog, pg_temp
-- Bounds are printed in the session's style, and not every style can be read back.
SET DateStyle TO 'ISO'
SET TimeZone TO 'UTC'
AS $function$
    SELECT relation.oid::regclass,
           coalesce(nullif(trim('''' FROM bounds[1]), 'MINVALUE'), '-infinity')::timestamptz,
           coalesce(nullif(trim('''' FROM bounds[2]), 'MAXVALUE'), 'infinity')::timestamptz
    FROM pg_inherits JOIN pg_class AS relation ON relation.oid = inhrelid,
         regexp_match(pg_get_expr(relpartbound, relation.oid),
                      '^FOR VALUES FROM \((.+)\) TO \((.+)\)$') AS bounds
    WHERE inhparent = of_table AND bounds IS NOT NULL
    ORDER BY relation.relname
$function$""")
    op.execute("""
COMMENT ON FUNCTION partitions_of(regclass) IS
'The partitions, other than DEFAULT, of a table that is partitioned by time; MINVALUE and MAXVALUE '
'are infinite bounds.'""")


def _create_publication_notes() -> None:
    op.execute("""
CREATE FUNCTION publication_notes(
    OUT parent regclass, OUT publication name, OUT moves text, OUT new_months text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_publication) THEN
        RETURN;
    END IF;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    RETURN QUERY EXECUTE format($query$
        SELECT tables.parent, pubname,
               format('publication %%I %%s, and subscribers would not have them once each: '
                      'ALTER PUBLICATION %%I %%s, and more (docs/dba.md)',
                      pubname, hindrance[1], pubname, hindrance[2]),
               format('publication %%I %%s: make each new month on the subscribers, then here, '
                      'then let them REFRESH PUBLICATION, all before its first row (docs/dba.md)',
                      pubname, CASE WHEN NOT (whole AND pubviaroot) THEN hindrance[1] END)
        FROM %s.time_partitioned_tables() AS tables
             JOIN pg_class AS root ON root.oid = tables.parent
             LEFT JOIN pg_class AS rest ON rest.oid = default_partition
             CROSS JOIN pg_publication AS published
             LEFT JOIN pg_publication_rel ON prpubid = published.oid AND prrelid = root.oid,
             LATERAL (SELECT puballtables OR prrelid IS NOT NULL OR EXISTS (
                          SELECT FROM pg_publication_namespace
                          WHERE pnpubid = published.oid AND pnnspid = root.relnamespace)
                     ) AS with_root (whole),
             LATERAL (SELECT CASE
                      WHEN NOT whole THEN
                          ARRAY['has the DEFAULT partition without the table',
                                'ADD TABLE ' || root.oid::regclass]
                      WHEN NOT pubviaroot THEN
                          ARRAY['does not publish via the root',
                                'SET (publish_via_partition_root = true)']
                      WHEN pubinsert <> pubdelete THEN
                          ARRAY['publishes not both inserts and deletes',
                                'SET (publish = ''insert, update, delete, truncate'')']
                      WHEN prqual IS NOT NULL THEN
                          ARRAY['has a row filter', 'DROP TABLE ' || root.oid::regclass]
                      WHEN prattrs IS NOT NULL THEN
                          ARRAY['has a column list', 'DROP TABLE ' || root.oid::regclass]
                      END) AS stands_in_the_way (hindrance)
        WHERE hindrance IS NOT NULL
              AND (whole OR EXISTS (
                       SELECT FROM pg_publication_rel
                       WHERE prpubid = published.oid AND prrelid = rest.oid)
                   OR EXISTS (
                       SELECT FROM pg_publication_namespace
                       WHERE pnpubid = published.oid AND pnnspid = rest.relnamespace))
        ORDER BY root.relname, pubname
    $query$, (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine));
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION publication_notes() IS
'The publications on account of which rows of a table cannot move out of DEFAULT, with the reason '
'and the way out, and in new_months what subscribers need before there is a new month, NULL if '
'nothing.'""")


def _create_referenced_table_locks() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION referenced_table_locks(of_table regclass, lock_mode text) RETURNS text[]
LANGUAGE sql STABLE
SET search_path TO pg_catalog, pg_temp
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
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION retirable_partitions(interval, timestamptz, boolean) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION retirable_partitions(interval, timestamptz, boolean) IS
'The partitions of whole months that ended longer ago than the retention, which '
'retire_partitions() would retire, with their rows and sizes. The retention is 28 days at least.'""")


def _create_retire_partition() -> None:
    op.execute("""
CREATE FUNCTION retire_partition(
    of_table regclass, retired regclass, drop boolean, referenced_last boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    name CONSTANT name := (SELECT relname FROM pg_class WHERE oid = retired);
    routine oid;
    here regnamespace;
    referenced text[] := '{}';
    locks text[];
    part text;
    relation regclass;
    archived name;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT ARRAY[format('%%s IN ACCESS EXCLUSIVE MODE', parent),
                     default_partition::text || ' IN ACCESS EXCLUSIVE MODE']
        FROM %s.time_partitioned_tables() WHERE parent = $1
    $query$, here) INTO STRICT locks USING of_table;
    -- Dropping a partition's foreign keys once it is detached locks the referenced tables; dropping
    -- the partition while it is attached does not.
    IF NOT drop THEN
        EXECUTE format('SELECT %s.referenced_table_locks($1, $2)', here)
        INTO referenced USING of_table, 'ACCESS EXCLUSIVE'::text;
    END IF;
    locks := CASE WHEN referenced_last THEN locks || referenced ELSE referenced || locks END;
    EXECUTE format('CALL %s.lock_tables(VARIADIC $1)', here) USING array_remove(locks, NULL);
    PERFORM FROM pg_inherits WHERE inhparent = of_table AND inhrelid = retired;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    IF drop THEN
        EXECUTE format('DROP TABLE %s', retired);
        RETURN jsonb_build_object('retired', 1, 'notice', format('%s dropped', name));
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
        EXECUTE format('SELECT %s.free_archive_name($1)', here) INTO archived USING relation;
        IF archived <> (SELECT relname FROM pg_class WHERE oid = relation) THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, archived);
        END IF;
    END LOOP;
    EXECUTE format('ALTER TABLE %s SET SCHEMA archive', retired);
    RETURN jsonb_build_object(
        'retired', 1, 'notice', format('%s moved to archive.%I', name, archived));
END
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION retire_partition(regclass, regclass, boolean, boolean) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION retire_partition(regclass, regclass, boolean, boolean) IS
'Drops a partition, or moves it to the schema archive without its foreign keys and column '
'defaults, under a free name. Returns what became of it; NULL if it is no longer a partition of '
'the table.'""")


def _create_retire_partitions() -> None:
    op.execute("""
CREATE OR REPLACE PROCEDURE retire_partitions(
    retention interval,
    drop boolean DEFAULT false,
    as_of timestamptz DEFAULT now(),
    INOUT retired integer DEFAULT 0,
    INOUT failed integer DEFAULT 0
)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    -- As in ensure_partitions(), every name is qualified.
    routine pg_catalog.oid;
    here pg_catalog.regnamespace;
    state pg_catalog.jsonb;
BEGIN
    COMMIT;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    SELECT pronamespace INTO here
    FROM pg_catalog.pg_proc WHERE oid OPERATOR(pg_catalog.=) routine;
    EXECUTE pg_catalog.format('SELECT %s.retire_tasks($1, $2, $3)', here)
    INTO state USING retention, drop, as_of;
    COMMIT;
    WHILE state OPERATOR(pg_catalog.#>) '{tasks,0}' IS NOT NULL LOOP
        PERFORM pg_catalog.pg_sleep((state OPERATOR(pg_catalog.->>) 'pause')::pg_catalog.float8);
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        EXECUTE pg_catalog.format('SELECT %s.run_next_task($1)', here) INTO state USING state;
        COMMIT;
    END LOOP;
    retired := state OPERATOR(pg_catalog.->>) 'retired';
    failed := state OPERATOR(pg_catalog.->>) 'failed';
END
$procedure$""")
    op.execute("""
REVOKE ALL ON PROCEDURE retire_partitions(interval, boolean, timestamptz, integer, integer)
    FROM PUBLIC""")
    op.execute("""
COMMENT ON PROCEDURE retire_partitions(interval, boolean, timestamptz, integer, integer) IS
'Retires what retirable_partitions() lists: to the schema archive, or dropped where that is asked '
'for. Commits once a partition, so call it outside a transaction. What was not done is a warning, '
'counted in failed.'""")


def _create_retire_tasks() -> None:
    op.execute("""
CREATE FUNCTION retire_tasks(
    retention interval, drop boolean, as_of timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
    here regnamespace;
    state jsonb;
    stranger name;
BEGIN
    IF drop IS NULL THEN
        RAISE EXCEPTION 'drop is to be true or false'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing was retired.';
    END IF;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    here := (SELECT pronamespace FROM pg_proc WHERE oid = routine);
    EXECUTE format($query$
        SELECT jsonb_build_object(
            'retired', 0, 'failed', %1$s.warn_of_skipped_tables(), 'tasks', ARRAY(
            SELECT jsonb_build_object(
                'statement', format(
                    'SELECT %%s.retire_partition(%%L::oid::regclass, %%L::oid::regclass, %%L::boolean, $1)',
                    $1, parent::oid, partition::oid, $2),
                'purpose', format('%%s was not retired', relname))
            FROM %1$s.retirable_partitions($3, $4, false)
                 JOIN pg_class ON pg_class.oid = partition
            ORDER BY month, parent::text))
    $query$, here) INTO state USING here, drop, retention, as_of;
    IF drop OR state #> '{tasks,0}' IS NULL THEN
        RETURN state;
    END IF;

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
    -- Who owns a schema can drop what is in it.
    SELECT rolname INTO stranger
    FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner
    WHERE nspname = 'archive' AND NOT rolsuper AND rolname <> 'pg_database_owner'
          AND NOT pg_has_role(nspowner, 'USAGE')
          AND nspowner <> (SELECT datdba FROM pg_database WHERE datname = current_database());
    IF stranger IS NOT NULL THEN
        RAISE EXCEPTION 'the schema archive belongs to %, who could drop what is moved there', stranger
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('Nothing was retired. As an administrator: '
                                'ALTER SCHEMA archive OWNER TO %I;', current_user);
    END IF;
    RETURN state;
END
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION retire_tasks(interval, boolean, timestamptz) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION retire_tasks(interval, boolean, timestamptz) IS
'What retire_partitions() begins with, as run_next_task() takes it. Where months are to be archived '
'and there is no schema for them, it is made.'""")


def _create_run_next_task() -> None:
    op.execute("""
CREATE FUNCTION run_next_task(state jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
-- Literals in the statements are in this style.
SET DateStyle TO 'ISO'
AS $function$
DECLARE
    most_attempts CONSTANT integer := 10;
    started CONSTANT timestamptz := clock_timestamp();
    task CONSTANT jsonb := state #> '{tasks,0}';
    attempt CONSTANT integer := coalesce(state ->> 'attempt', '1');
    attempts integer := coalesce((state ->> 'attempts')::integer, most_attempts);
    referenced_last boolean := coalesce(state ->> 'referenced_last', 'false');
    others_in_the_way boolean := false;
    reason text;
    outcome jsonb;
    tasks jsonb;
BEGIN
    BEGIN
        EXECUTE task ->> 'statement' INTO outcome USING referenced_last;
    EXCEPTION
        WHEN lock_not_available OR deadlock_detected THEN
            others_in_the_way := true;
            reason := SQLERRM;
        WHEN insufficient_privilege THEN
            reason := format('%s (as %I)', SQLERRM, current_user);
        WHEN OTHERS THEN
            reason := SQLERRM;
    END;
    IF others_in_the_way THEN
        -- An application that locks in the opposite order, always busy, would stop every attempt.
        state := jsonb_set(state, '{referenced_last}', to_jsonb(NOT referenced_last));
        IF attempt < attempts THEN
            RETURN state || jsonb_build_object(
                'attempt', attempt + 1,
                'pause', 0.2 * extract(epoch FROM current_setting('deadlock_timeout')::interval)
                         * least(attempt + 1, 5) * (0.5 + random()));
        END IF;
    END IF;
    IF reason IS NOT NULL THEN
        RAISE WARNING '%: %', task ->> 'purpose', reason;
        outcome := '{"failed": 1}';
    END IF;
    tasks := coalesce(outcome -> 'tasks', '[]') || ((state -> 'tasks') - 0);
    IF outcome ? 'notice' THEN
        RAISE NOTICE '%', outcome ->> 'notice' || CASE
            WHEN outcome -> 'moved' > '0' AND tasks <> '[]'
            THEN format('; %s more to do', jsonb_array_length(tasks)) ELSE '' END;
    END IF;
    SELECT state || coalesce(jsonb_object_agg(key, value::bigint + (state ->> key)::bigint), '{}')
    INTO state
    FROM jsonb_each_text(outcome) WHERE key IN ('created', 'moved', 'retired', 'failed');
    RETURN state || jsonb_build_object(
        'tasks', tasks,
        'attempt', 1,
        -- Where others stay in the way, what follows is not to wait as long again.
        'attempts', CASE WHEN reason IS NULL THEN most_attempts
                         WHEN others_in_the_way THEN 1 ELSE attempts END,
        -- Writers are to have more time than they were stopped for.
        'pause', CASE WHEN outcome ? 'notice'
                 THEN 2 * extract(epoch FROM clock_timestamp() - started) END);
END
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION run_next_task(jsonb) FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION run_next_task(jsonb) IS
'Runs the statement of the first of the tasks in the state, and returns the state after it: the '
'task is gone, or to be tried again as other sessions'' locks are in the way; tasks that it leads to '
'come next; what it counts is added up. In the statement $1 is referenced_last: whether to lock the '
'referenced tables after the others, which changes with each attempt. A failure is a warning that '
'begins with the purpose.'""")


def _create_suffixed_name() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION suffixed_name(base text, suffix text) RETURNS name
LANGUAGE plpgsql IMMUTABLE
SET search_path TO pg_catalog, pg_temp
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
CREATE OR REPLACE FUNCTION time_partitioned_tables(
    OUT parent regclass, OUT partition_key name, OUT default_partition regclass
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    RETURN QUERY EXECUTE format(
        'SELECT parent, partition_key, default_partition FROM %s.all_time_partitioned_tables()'
        ' WHERE skipped IS NULL',
        (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine));
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION time_partitioned_tables() IS
'The tables that the routines look after, with their partition key and DEFAULT partition, NULL '
'where that is missing.'""")


def _create_time_partitions() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION time_partitions(
    OUT parent regclass, OUT partition regclass,
    OUT lower_bound timestamptz, OUT upper_bound timestamptz
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    RETURN QUERY EXECUTE format(
        'SELECT tables.parent, partitions.*'
        ' FROM %1$s.time_partitioned_tables() AS tables, %1$s.partitions_of(parent) AS partitions',
        (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine));
END
$function$""")
    op.execute("""
COMMENT ON FUNCTION time_partitions() IS
'The partitions, other than DEFAULT, of the tables that time_partitioned_tables() lists; MINVALUE '
'and MAXVALUE are infinite bounds.'""")


def _create_utc_month() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION utc_month(day date) RETURNS tstzrange
LANGUAGE sql IMMUTABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
    -- Months are added to a timestamp without time zone: the session's zone has no say.
    SELECT tstzrange(first_day AT TIME ZONE 'UTC',
                     (first_day + interval '1 month') AT TIME ZONE 'UTC')
    FROM date_trunc('month', day::timestamp) AS first_day
$function$""")
    op.execute("""
COMMENT ON FUNCTION utc_month(date) IS
'The month in UTC that the day is in.'""")


def _create_warn_of_skipped_tables() -> None:
    op.execute("""
CREATE FUNCTION warn_of_skipped_tables() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
    each record;
    left_alone integer := 0;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    FOR each IN EXECUTE format(
        'SELECT relname, own, skipped'
        ' FROM %s.all_time_partitioned_tables() JOIN pg_class ON pg_class.oid = parent'
        ' WHERE skipped IS NOT NULL',
        (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine))
    LOOP
        RAISE WARNING '%: left alone: %', each.relname, each.skipped;
        left_alone := left_alone + each.own::integer;
    END LOOP;
    RETURN left_alone;
END
$function$""")
    op.execute("""
REVOKE ALL ON FUNCTION warn_of_skipped_tables() FROM PUBLIC""")
    op.execute("""
COMMENT ON FUNCTION warn_of_skipped_tables() IS
'Says which tables are left alone and why, and returns how many of them are the routines'' own '
'owner''s.'""")


def _restore_create_month_partition() -> None:
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


def _restore_ensure_partitions() -> None:
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


def _restore_free_archive_name() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION free_archive_name(relation regclass) RETURNS name
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


def _restore_lock_tables() -> None:
    op.execute("""
CREATE OR REPLACE PROCEDURE lock_tables(VARIADIC locks text[])
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


def _restore_months_without_partition() -> None:
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


def _restore_partition_coverage() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION partition_coverage(of_table regclass) RETURNS tstzmultirange
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


def _restore_partition_report() -> None:
    op.execute("""
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
$function$""")
    op.execute("""
COMMENT ON FUNCTION partition_report(timestamptz) IS
'For each partitioned table: its partitions besides DEFAULT, from when to when they reach, rows '
'and size in all, months missing in between, rows in DEFAULT (NULL: there is none), and how many '
'months after this one have partitions (-1: not even this one has).'""")


def _restore_referenced_table_locks() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION referenced_table_locks(of_table regclass, lock_mode text) RETURNS text[]
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


def _restore_retirable_partitions() -> None:
    op.execute("""
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
$function$""")
    op.execute("""
COMMENT ON FUNCTION retirable_partitions(interval, timestamptz, boolean) IS
'The partitions of whole months that ended longer ago than the retention, which '
'retire_partitions() would retire, with their rows and sizes. The retention is 28 days at least.'""")


def _restore_retire_partition() -> None:
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


def _restore_retire_partitions() -> None:
    op.execute("""
CREATE OR REPLACE PROCEDURE retire_partitions(
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


def _restore_run_with_retries() -> None:
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


def _restore_suffixed_name() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION suffixed_name(base text, suffix text) RETURNS name
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


def _restore_time_partitioned_tables() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION time_partitioned_tables(
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


def _restore_time_partitions() -> None:
    op.execute(r"""
CREATE OR REPLACE FUNCTION time_partitions(
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


def _restore_utc_month() -> None:
    op.execute("""
CREATE OR REPLACE FUNCTION utc_month(day date) RETURNS tstzrange
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
