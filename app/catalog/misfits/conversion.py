"""Types: rows whose value does not become one of the new type.

PostgreSQL has no query that goes on after such a row. So a DO block tries ranges of pages, and
halves those that fail, down to single rows; without misfits it reads the table once. It assigns,
as ALTER TABLE does: an explicit cast would cut off what is too long.
"""

from ...server.quoting import quote_literal
from ..identity import Identity
from .question import Question

MOST = 1_000
FOUND = "misfits.found"

_BLOCK = """\
DO $misfits$
DECLARE
    value {type};
    part regclass;
    first bigint[];
    behind bigint[];
    low bigint;
    high bigint;
    place tid;
    found bigint := 0;
BEGIN
    FOR part IN
        SELECT {table}::regclass UNION SELECT relid FROM pg_partition_tree({table}) WHERE isleaf
    LOOP
        first := ARRAY[0];
        behind := ARRAY[pg_relation_size(part) / current_setting('block_size')::bigint];
        WHILE cardinality(first) > 0 AND found <= {most} LOOP
            low := first[cardinality(first)];
            high := behind[cardinality(behind)];
            first := trim_array(first, 1);
            behind := trim_array(behind, 1);
            BEGIN
                FOR value IN EXECUTE format(
                    'SELECT %s FROM ONLY %s WHERE ctid >= %L AND ctid < %L',
                    {expression}, part, format('(%s,0)', low), format('(%s,0)', high))
                LOOP
                END LOOP;
            EXCEPTION WHEN data_exception OR integrity_constraint_violation OR raise_exception THEN
                IF high - low > 1 THEN
                    first := first || ARRAY[low, (low + high) / 2];
                    behind := behind || ARRAY[(low + high) / 2, high];
                ELSE
                    FOR place IN EXECUTE format(
                        'SELECT ctid FROM ONLY %s WHERE ctid >= %L AND ctid < %L',
                        part, format('(%s,0)', low), format('(%s,0)', high))
                    LOOP
                        BEGIN
                            EXECUTE format('SELECT %s FROM ONLY %s WHERE ctid = %L',
                                           {expression}, part, place) INTO value;
                        EXCEPTION WHEN data_exception OR integrity_constraint_violation
                                       OR raise_exception THEN
                            found := found + 1;
                        END;
                    END LOOP;
                END IF;
            END;
        END LOOP;
    END LOOP;
    PERFORM set_config('misfits.found', found::text, false);
END
$misfits$"""


def conversion(column: Identity, table: str, type_: str, expression: str) -> Question:
    """Return the question which rows do not become ``type_`` by ``expression``, as USING has it.

    ``column`` is the one that gets the type, ``table`` its table as SQL has it. To count, the block
    is run, and the setting ``FOUND`` read; more than ``MOST`` are not counted to the end. There is
    no query that gives the rows.
    """
    block = _BLOCK.format(
        type=type_, table=quote_literal(table), expression=quote_literal(expression), most=MOST
    )
    return Question(column, (table,), None, block)
