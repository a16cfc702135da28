"""``op.guard``: a rule that is about to come, and the query that finds the rows it does not admit.

FROZEN: merged revisions call this operation, and a revision written years ago must still ask what
it asked (docs/decisions/064-guards.md). What is to ask otherwise gets another name.

A guard is one statement that reads, and fails if there are misfits. Where and when that runs, the
runner knows: before the first change, outside its transaction, once.
"""

from alembic.operations import MigrateOperation, Operations

SQLSTATE = "23G00"  # of the class that PostgreSQL has for rows that break rules
MOST = 1_000

_BLOCK = """\
DO {tag}
#variable_conflict use_column
DECLARE
    found bigint := 0;
    keys text[];{declared}
BEGIN
{asked}
    IF found > 0 THEN
        RAISE EXCEPTION USING
            ERRCODE = {sqlstate},
            MESSAGE = {rule} || ': ' || {number}
                || CASE found WHEN 1 THEN ' misfit' ELSE ' misfits' END
                || {misfits} || array_to_string(keys[1:3], ', ')
                || CASE WHEN cardinality(keys) > 3 THEN ', ...' ELSE '' END,
            DETAIL = {find},
            HINT = {fix};
    END IF;
END
{tag}"""
_QUERY = """\
    SELECT coalesce({count}, 0) INTO found
    FROM ({find}) AS misfits;
    IF found > 0 THEN
        keys := ARRAY(SELECT left(key::text, 200) FROM ({find}) AS misfits LIMIT 4);
    END IF;"""
# PostgreSQL has no query that goes on after a value that does not convert. So ranges of pages are
# tried, and those that fail are halved, down to single rows; without misfits the table is read
# once. It assigns, as ALTER TABLE does: an explicit cast would cut off what is too long.
_TRIAL_VARIABLES = """
    value {type};
    part regclass;
    first bigint[];
    behind bigint[];
    low bigint;
    high bigint;
    place tid;
    key text;"""
_TRIAL = """\
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
                    FOR place, key IN EXECUTE format(
                        'SELECT ctid, (%s)::text FROM ONLY %s WHERE ctid >= %L AND ctid < %L',
                        {key}, part, format('(%s,0)', low), format('(%s,0)', high))
                    LOOP
                        BEGIN
                            EXECUTE format('SELECT %s FROM ONLY %s WHERE ctid = %L',
                                           {expression}, part, place) INTO value;
                        EXCEPTION WHEN data_exception OR integrity_constraint_violation
                                       OR raise_exception THEN
                            found := found + 1;
                            IF found <= 4 THEN
                                keys := keys || left(key, 200);
                            END IF;
                        END;
                    END LOOP;
                END IF;
            END;
        END LOOP;
    END LOOP;"""


@Operations.register_operation("guard")
class GuardOp(MigrateOperation):
    """Stop before anything is changed if rows do not fit a rule that is about to come."""

    def __init__(
        self,
        rule: str,
        misfits: str,
        find: str,
        fix: str,
        count: str = "count(*)",
        tried: str | None = None,
        into: str = "",
        table: str = "",
        key: str = "",
    ) -> None:
        self.rule = rule
        self.misfits = misfits
        self.find = find
        self.fix = fix
        self.count = count
        self.tried = tried
        self.into = into
        self.table = table
        self.key = key

    @classmethod
    def guard(
        cls,
        operations: Operations,
        rule: str,
        misfits: str,
        find: str,
        fix: str,
        count: str = "count(*)",
        tried: str | None = None,
        into: str = "",
        table: str = "",
        key: str = "",
    ) -> None:
        """Stop if ``find`` gives a row: before ``rule`` comes, at the beginning of the revision.

        ``find`` is a query for all misfits, which says of each its ``key``; ``misfits`` says in
        words what they are, ``fix`` what to do with them. ``count`` is how to count them, where
        ``find`` gives one row for several: ``sum(rows)``.

        For a column that gets another type, each row of ``table`` is ``tried``: whether that
        expression, which is what USING says, can be assigned to a value of the type ``into``.
        ``key`` is then an expression for the row's key, and ``find`` is only told.
        """
        operations.invoke(cls(rule, misfits, find, fix, count, tried, into, table, key))

    def statement(self, left: str = "") -> str:
        """Return the statement that fails if there are misfits; ``left`` goes behind its advice."""
        number, declared = "found", ""
        if self.tried is None:
            asked = _QUERY.format(count=self.count, find=self.find)
        else:
            number = f"CASE WHEN found > {MOST} THEN 'more than {MOST}' ELSE found::text END"
            declared, asked = trial(self.table, self.into, self.tried, self.key)
        texts = {
            "rule": self.rule,
            "misfits": f", {self.misfits}: ",
            "find": f"To find them all: {self.find}",
            "fix": f"{self.fix}. {left}".strip(),
            "sqlstate": SQLSTATE,
        }
        quoted = {name: _quote(text) for name, text in texts.items()}
        tag = "$guard$"
        while tag in asked or any(tag in text for text in quoted.values()):
            tag = f"{tag[:-1]}_$"
        return _BLOCK.format(tag=tag, declared=declared, asked=asked, number=number, **quoted)


def trial(table: str, type_: str, expression: str, key: str) -> tuple[str, str]:
    """Return variables and statements of a block that counts ``found`` rows, and has ``keys``.

    They are the rows of ``table`` whose ``expression`` is no value of ``type_``. More than ``MOST``
    are not counted to the end.
    """
    return _TRIAL_VARIABLES.format(type=type_), _TRIAL.format(
        table=_quote(table), expression=_quote(expression), key=_quote(key), most=MOST
    )


def _quote(text: str) -> str:
    quoted = "'" + text.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted
