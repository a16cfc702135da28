"""What single statements lock, rewrite, scan and build, and the hazards in it."""

from dataclasses import dataclass, field

import pytest

from app.plan.report import Statement
from tests.plan.planner import Planner, hazards, strong_locks

TABLES = """\
CREATE TABLE parents (id int PRIMARY KEY, code int UNIQUE, name varchar(50), price numeric(10, 2));
CREATE INDEX ix_parents_name ON parents (name);
CREATE TABLE children (id serial PRIMARY KEY, parent_id int, note text, size int NOT NULL DEFAULT 1,
    CONSTRAINT size CHECK (size > 0));
CREATE TABLE months (at date, parent_id int, size int) PARTITION BY RANGE (at);
CREATE TABLE months_1 PARTITION OF months FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE months_2 PARTITION OF months FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE gone (id int);
CREATE TABLE emptied (id int);
CREATE SEQUENCE numbers;
CREATE VIEW ids AS SELECT id FROM parents;
CREATE MATERIALIZED VIEW sizes AS SELECT size FROM children;
CREATE FUNCTION widen() RETURNS void LANGUAGE sql AS 'ALTER TABLE children ADD wide int'"""

ALL, SHARE, SHARE_ROW, ALONE = (
    f"{mode}Lock"
    for mode in ("AccessExclusive", "Share", "ShareRowExclusive", "ShareUpdateExclusive")
)
MONTHS = ("months", "months_1", "months_2")


@dataclass(frozen=True)
class Case:
    """A statement and what it does; it sees what those before it have done."""

    sql: str
    locks: dict[str, str] = field(default_factory=dict)
    rewrites: set[str] = field(default_factory=set)
    scans: set[str] = field(default_factory=set)
    builds: set[str] = field(default_factory=set)
    hazards: tuple[str, ...] = ()
    on_rows: bool = False


CASES = {
    "column added": Case("ALTER TABLE parents ADD a int", {"parents": ALL}),
    "column added with a constant": Case(
        "ALTER TABLE parents ADD b int DEFAULT 3", {"parents": ALL}
    ),
    "column added with a volatile default": Case(
        "ALTER TABLE parents ADD c uuid DEFAULT gen_random_uuid()",
        {"parents": ALL},
        rewrites={"parents"},
        scans={"parents"},
        hazards=("TABLE_REWRITTEN",),
    ),
    "required column added": Case(
        "ALTER TABLE parents ADD d int NOT NULL",
        {"parents": ALL},
        scans={"parents"},
        hazards=("REQUIRED_COLUMN_ADDED", "TABLE_READ"),
    ),
    "varchar widened": Case("ALTER TABLE parents ALTER name TYPE varchar(80)", {"parents": ALL}),
    "varchar narrowed": Case(
        "ALTER TABLE parents ALTER name TYPE varchar(20)",
        {"parents": ALL},
        rewrites={"parents"},
        scans={"parents"},
        hazards=("TABLE_REWRITTEN", "TYPE_NARROWED"),
    ),
    "varchar made text": Case("ALTER TABLE parents ALTER name TYPE text", {"parents": ALL}),
    "numeric with more digits": Case(
        "ALTER TABLE parents ALTER price TYPE numeric(12, 2)", {"parents": ALL}
    ),
    "integer made bigint": Case(
        "ALTER TABLE parents ALTER code TYPE bigint",
        {"parents": ALL},
        rewrites={"parents"},
        scans={"parents"},
        hazards=("TABLE_REWRITTEN",),
    ),
    "not null set": Case(
        "ALTER TABLE children ALTER note SET NOT NULL",
        {"children": ALL},
        scans={"children"},
        hazards=("CHECKED_UNDER_LOCK", "NOT_NULL_SET"),
    ),
    "not null dropped": Case(
        "ALTER TABLE children ALTER size DROP NOT NULL",
        {"children": ALL},
        hazards=("RULE_DROPPED",),
    ),
    "check added": Case(
        "ALTER TABLE children ADD CONSTRAINT short CHECK (note < 'z')",
        {"children": ALL},
        scans={"children"},
        hazards=("CHECKED_UNDER_LOCK", "RULE_ADDED"),
    ),
    "check added not valid": Case(
        "ALTER TABLE children ADD CONSTRAINT few CHECK (size < 9) NOT VALID", {"children": ALL}
    ),
    "check validated": Case(
        "ALTER TABLE children VALIDATE CONSTRAINT few",
        {"children": ALONE},
        scans={"children"},
        hazards=("RULE_ADDED",),
    ),
    "check dropped": Case(
        "ALTER TABLE children DROP CONSTRAINT size", {"children": ALL}, hazards=("RULE_DROPPED",)
    ),
    "foreign key added": Case(
        "ALTER TABLE children ADD CONSTRAINT parent FOREIGN KEY (parent_id) REFERENCES parents",
        {"children": SHARE_ROW, "parents": SHARE_ROW},
        scans={"children"},
        hazards=("CHECKED_UNDER_LOCK", "FOREIGN_KEY_ADDED"),
    ),
    "foreign key added not valid": Case(
        "ALTER TABLE children"
        " ADD CONSTRAINT again FOREIGN KEY (parent_id) REFERENCES parents NOT VALID",
        {"children": SHARE_ROW, "parents": SHARE_ROW},
    ),
    "foreign key validated": Case(
        "ALTER TABLE children VALIDATE CONSTRAINT again",
        {"children": ALONE},
        scans={"children"},
        hazards=("FOREIGN_KEY_ADDED",),
    ),
    "index built": Case(
        "CREATE INDEX ix_note ON children (note)",
        {"children": SHARE},
        scans={"children"},
        builds={"ix_note"},
        hazards=("INDEX_BLOCKS_WRITERS",),
    ),
    "unique constraint added": Case(
        "ALTER TABLE children ADD CONSTRAINT uq_note UNIQUE (note)",
        {"children": ALL},
        scans={"children"},
        builds={"uq_note"},
        hazards=("INDEX_BLOCKS", "UNIQUE_ADDED"),
    ),
    "exclusion constraint added": Case(
        "ALTER TABLE children ADD CONSTRAINT ex_note EXCLUDE (note WITH =)",
        {"children": ALL},
        scans={"children"},
        builds={"ex_note"},
        hazards=("EXCLUSION_BLOCKS", "RULE_ADDED"),
    ),
    "exclusion constraint dropped": Case(
        "ALTER TABLE children DROP CONSTRAINT ex_note", {"children": ALL}
    ),
    "index dropped": Case("DROP INDEX ix_note", {"children": ALL}),
    "index built concurrently": Case(
        "!CREATE INDEX CONCURRENTLY ix_size ON children (size)",
        {"children": ALONE},
        scans={"children"},
        builds={"ix_size"},
    ),
    "index dropped concurrently": Case("!DROP INDEX CONCURRENTLY ix_size", {"children": ALONE}),
    "index rebuilt": Case(
        "REINDEX INDEX ix_parents_name",
        {"parents": SHARE},
        scans={"parents"},
        builds={"ix_parents_name"},
        hazards=("INDEX_BLOCKS_WRITERS",),
    ),
    "index renamed": Case("ALTER INDEX ix_parents_name RENAME TO ix_name"),
    "index on a partitioned table": Case(
        "CREATE INDEX ix_months ON months (size)",
        dict.fromkeys(MONTHS, SHARE),
        scans={"months_1", "months_2"},
        builds={"ix_months"},
        hazards=("INDEX_BLOCKS_WRITERS",),
    ),
    "check on a partitioned table": Case(
        "ALTER TABLE months ADD CONSTRAINT sized CHECK (size > 0)",
        dict.fromkeys(MONTHS, ALL),
        scans={"months_1", "months_2"},
        hazards=("CHECKED_UNDER_LOCK", "RULE_ADDED"),
    ),
    "vacuum": Case("!VACUUM children", {"children": ALONE}),
    "table analyzed": Case("ANALYZE children", {"children": ALONE}),
    "comment": Case("COMMENT ON TABLE children IS 'x'", {"children": ALONE}),
    "table locked": Case("LOCK TABLE children IN SHARE MODE", {"children": SHARE}),
    "in a DO block": Case(
        "DO $$ BEGIN ALTER TABLE children ADD deep int; END $$", {"children": ALL}
    ),
    "in a function": Case("SELECT widen()", {"children": ALL}),
    "several at once": Case(
        "ALTER TABLE parents ADD e int; ALTER TABLE children ADD e int",
        {"parents": ALL, "children": ALL},
    ),
    "rows changed": Case("UPDATE children SET size = 2", scans={"children"}, on_rows=True),
    "rows deleted by their key": Case(
        "DELETE FROM parents WHERE id = 1", scans={"parents_pkey"}, on_rows=True
    ),
    "row inserted": Case("INSERT INTO parents (id, d) VALUES (1, 1)"),
    "rows copied": Case(
        "INSERT INTO children (note) SELECT name FROM parents WHERE false OR price > 1",
        scans={"parents"},
        on_rows=True,
    ),
    "rows changed in a DO block": Case(
        "DO $$ BEGIN UPDATE children SET size = 2; END $$", scans={"children"}, on_rows=True
    ),
    "rows looked for in a DO block": Case(
        "DO $$ BEGIN IF EXISTS (SELECT FROM emptied) THEN DROP TABLE gone; END IF; END $$",
        scans={"emptied"},
        on_rows=True,
    ),
    "rows changed in batches": Case(
        "!DO $$ BEGIN UPDATE children SET size = 2; COMMIT; UPDATE children SET size = 3; END $$",
        scans={"children"},
        on_rows=True,
    ),
    "rows changed under a lock": Case(
        "ALTER TABLE children ADD f int; UPDATE children SET f = size",
        {"children": ALL},
        scans={"children"},
        hazards=("ROWS_UNDER_LOCK",),
        on_rows=True,
    ),
    "materialized view filled": Case(
        "REFRESH MATERIALIZED VIEW sizes",
        rewrites={"sizes"},
        scans={"children"},
        hazards=("ROWS_UNDER_LOCK", "TABLE_REWRITTEN"),
        on_rows=True,
    ),
    "validated in a DO block": Case(
        "DO $$ BEGIN ALTER TABLE children ADD CONSTRAINT less CHECK (size < 99); END $$",
        {"children": ALL},
        scans={"children"},
        hazards=("CHECKED_UNDER_LOCK", "RULE_ADDED"),
    ),
    "column renamed": Case(
        "ALTER TABLE parents RENAME price TO cost", {"parents": ALL}, hazards=("COLUMN_RENAMED",)
    ),
    "table renamed": Case(
        "ALTER TABLE parents RENAME TO people", {"parents": ALL}, hazards=("TABLE_RENAMED",)
    ),
    "column dropped": Case(
        "ALTER TABLE children DROP note", {"children": ALL}, hazards=("COLUMN_DROPPED",)
    ),
    "sequence dropped": Case("DROP SEQUENCE numbers", hazards=("SEQUENCE_DROPPED",)),
    "table emptied": Case("TRUNCATE emptied", {"emptied": ALL}, hazards=("TABLE_EMPTIED",)),
    "table dropped": Case("DROP TABLE gone", {"gone": ALL}, hazards=("TABLE_DROPPED",)),
    "table created": Case("CREATE TABLE fresh AS SELECT 1 AS one; CREATE INDEX ON fresh (one)"),
}


def test_statements_are_told_as_they_are(planner: Planner, subtests: pytest.Subtests) -> None:
    for statement in TABLES.split(";\n"):
        planner.add(statement)
    planner.upgrade()
    for case in CASES.values():
        planner.add(case.sql)
    for (name, case), revision in zip(CASES.items(), planner.plan().revisions, strict=True):
        with subtests.test(name):
            assert_told(case, revision.statements[0])


def assert_told(case: Case, statement: Statement) -> None:
    """Compare what is planned with what the case says."""
    effects = statement.effects
    strongest = {
        table: max(
            (mode for relation, mode in strong_locks(statement) if relation == table),
            key=[ALONE, SHARE, SHARE_ROW, ALL].index,
        )
        for table, _ in strong_locks(statement)
    }
    assert strongest == case.locks
    assert set(effects.rewrites) == case.rewrites
    assert set(effects.scans) == case.scans
    assert {index.whole for index in effects.builds} == case.builds
    assert hazards(statement) == sorted(case.hazards)
    assert effects.depends_on_rows == case.on_rows
    assert statement.sql == case.sql.removeprefix("!")
