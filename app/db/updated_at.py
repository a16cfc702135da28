"""The ``updated_at`` trigger: PostgreSQL's form of ON UPDATE CURRENT_TIMESTAMP (R5)."""

from sqlalchemy import DDL, Table, event

_CREATE_TRIGGER = DDL("""\
CREATE TRIGGER set_updated_at BEFORE UPDATE ON %(fullname)s
FOR EACH ROW EXECUTE FUNCTION set_updated_at()""")  # type: ignore[no-untyped-call]


def add_trigger(table: Table) -> None:
    """Make the creation of ``table``, which has a column ``updated_at``, create its trigger."""
    event.listen(table, "after_create", _CREATE_TRIGGER)
