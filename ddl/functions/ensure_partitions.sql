-- The procedure ensure_partitions().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE PROCEDURE ensure_partitions(
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
$procedure$;

COMMENT ON PROCEDURE ensure_partitions(integer, timestamptz, integer, bigint, integer) IS
'Creates the monthly partitions of this month, of months_ahead months after it and of all rows in '
'DEFAULT, which it moves there. Commits once a month, so call it outside a transaction. What other '
'sessions'' locks prevent is a warning, counted in failed.';
