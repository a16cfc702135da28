"""Hazards: what a statement of a revision can put at stake, and what to do about each.

One list for all who speak of them: the review in a written revision, the linter's report, and
whatever else tells a person what a change does to a database in use.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum


class Stake(StrEnum):
    """What is at stake."""

    DATA = "data is lost"
    MISFITS = "rows may not fit"
    LOCK = "others wait for its lock"
    REWRITE = "the table is rewritten while others wait"
    SCAN = "the table is read while others wait"
    GAP = "something is missing for a while"
    CODE = "running code breaks"
    ACCESS = "who may do what changes"


class Hazard(Enum):
    """One hazard: what is at stake, a sentence with names to fill in, and what to do."""

    def __init__(self, stake: Stake, sentence: str, fix: str, back: str = "") -> None:
        self.stake = stake
        self.sentence = sentence
        self.fix = fix
        self.back = back or f"downgrade {sentence}"

    def tell(self, names: Mapping[str, object], *, down: bool = False) -> str:
        """Return the sentence, that of the way down if so, with ``names`` in their places."""
        return (self.back if down else self.sentence).format_map(names)

    TABLE_DROPPED = (
        Stake.DATA,
        "drops table {name} with all its rows",
        "First release code that does without it. To keep the rows: "
        "CREATE TABLE archive.<table> AS TABLE <table>",
    )
    TABLE_EMPTIED = (
        Stake.DATA,
        "deletes all rows of table {name}",
        "To keep them: CREATE TABLE archive.<table> AS TABLE <table>",
    )
    COLUMN_DROPPED = (
        Stake.DATA,
        "drops column {name} with its data",
        "First release code that does without it. To keep the data: "
        "CREATE TABLE archive.<table> AS SELECT <key>, <column> FROM <table>",
    )
    SEQUENCE_DROPPED = (
        Stake.DATA,
        "drops sequence {name} and what it has counted so far",
        "To go on from there: SELECT setval('<sequence>', <last value>)",
    )
    TYPE_NARROWED = (
        Stake.MISFITS,
        "changes {name} from {old} to {new}: rows that do not fit make it fail or lose digits",
        "Count them before: SELECT count(*) FROM <table> "
        "WHERE <column>::<new type>::<old type> IS DISTINCT FROM <column>",
        "downgrade takes {name} back from {old} to {new}: rows that do not fit make it fail or "
        "lose digits",
    )
    VALUE_REMOVED = (
        Stake.MISFITS,
        "changes type {name}: rows with a value that is gone make it fail",
        "Give those rows another value in a release before",
    )
    NOT_NULL_SET = (
        Stake.MISFITS,
        "sets {name} NOT NULL: fails while a row has NULL there",
        "Fill those rows in a revision before: UPDATE <table> SET <column> = … "
        "WHERE <column> IS NULL, in batches",
    )
    REQUIRED_COLUMN_ADDED = (
        Stake.MISFITS,
        "adds {name} NOT NULL without a default: fails on a table with rows",
        "Give it a server_default, or add it nullable, fill it, and set NOT NULL afterwards",
    )
    RULE_ADDED = (
        Stake.MISFITS,
        "adds {name}: fails while a row breaks it",
        "Find those rows before, and mend them: SELECT … WHERE NOT (<condition>)",
    )
    UNIQUE_ADDED = (
        Stake.MISFITS,
        "adds {name}: fails while two rows are equal in it",
        "Find them before, and merge them: "
        "SELECT <columns>, count(*) FROM <table> GROUP BY <columns> HAVING count(*) > 1",
    )
    FOREIGN_KEY_ADDED = (
        Stake.MISFITS,
        "adds {name}: fails while a row refers to none",
        "Find them before: SELECT … FROM <table> WHERE <column> IS NOT NULL AND NOT EXISTS "
        "(SELECT FROM <parent> WHERE …)",
    )
    INDEX_BLOCKS = (
        Stake.LOCK,
        "adds {name}: readers and writers of the table wait while its index is built",
        "Build a unique index CONCURRENTLY in a revision before, and add the rule USING INDEX",
    )
    EXCLUSION_BLOCKS = (
        Stake.LOCK,
        "adds {name}: readers and writers of the table wait while its index is built",
        "PostgreSQL has no other form for it. Add it when the table has few rows, or nobody uses "
        "it",
    )
    INDEX_BLOCKS_WRITERS = (
        Stake.LOCK,
        "builds {name}: writers of {table} wait until it is done",
        "Build it CONCURRENTLY, in a revision of its own",
    )
    CHECKED_UNDER_LOCK = (
        Stake.SCAN,
        "adds {name} and reads the whole table under its lock",
        "Add it NOT VALID, and VALIDATE CONSTRAINT in a revision of its own",
    )
    TABLE_READ = (
        Stake.SCAN,
        "reads the whole table {name} while {waiting} of {tables} wait",
        "Do it in a revision of its own, in which nothing takes a stronger lock before",
    )
    ROWS_UNDER_LOCK = (
        Stake.LOCK,
        "goes through rows of {name} while {waiting} of {tables} wait",
        "Change the rows in a revision of its own, in batches that each commit",
    )
    TABLE_REWRITTEN = (
        Stake.REWRITE,
        "rewrites table {name}",
        "Add a new column, fill it in batches, and let the code move over to it",
    )
    INDEX_REPLACED = (
        Stake.GAP,
        "makes {name} anew: queries do without it until it is there again",
        "Build it under another name first, drop the old one, and rename it",
    )
    UNIQUE_REPLACED = (
        Stake.GAP,
        "makes {name} anew: duplicates may come in until it is there again",
        "Build the new one under another name first, drop the old one, and rename it",
    )
    RULE_DROPPED = (
        Stake.MISFITS,
        "drops {name}: rows may come in that the way down refuses",
        "Drop it in the release whose code needs that, not before",
    )
    PRIVILEGES_LOST = (
        Stake.ACCESS,
        "makes {name} anew: what was granted on it or revoked is so no longer",
        "GRANT and REVOKE it again in this revision: privileges are not compared",
    )
    OPEN_TO_ALL = (
        Stake.ACCESS,
        "makes {name}, which runs as its owner and which everyone may execute",
        "Unless everyone is to: op.execute('REVOKE ALL ON <routine> FROM PUBLIC') in this revision",
    )
    COLUMN_RENAMED = (
        Stake.CODE,
        "renames column {name}",
        "Add the new column beside it, keep both equal, and drop the old one a release later",
    )
    TABLE_RENAMED = (
        Stake.CODE,
        "renames table {name}",
        "Leave a view under the old name until no release uses it",
    )
