"""The ``updated_at`` trigger: PostgreSQL's form of ON UPDATE CURRENT_TIMESTAMP (R5)."""

from sqlalchemy import DDL, MetaData, Table, event


def _ddl(statement: str) -> DDL:
    return DDL(statement)  # type: ignore[no-untyped-call]


# A statement that sets a new value itself, such as an import, keeps it.
_CREATE_FUNCTION = _ddl("""\
CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
    IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END
$function$""")
_COMMENT_FUNCTION = _ddl("""\
COMMENT ON FUNCTION set_updated_at() IS
'Stamps updated_at with now() unless the statement itself sets it to a new value.'""")
_DROP_FUNCTION = _ddl("DROP FUNCTION IF EXISTS set_updated_at()")
_CREATE_TRIGGER = _ddl("""\
CREATE TRIGGER set_updated_at BEFORE UPDATE ON %(fullname)s
FOR EACH ROW EXECUTE FUNCTION set_updated_at()""")


def add_function(metadata: MetaData) -> None:
    """Make ``create_all`` and ``drop_all`` of ``metadata`` create and drop ``set_updated_at()``."""
    event.listen(metadata, "before_create", _CREATE_FUNCTION)
    event.listen(metadata, "before_create", _COMMENT_FUNCTION)
    event.listen(metadata, "after_drop", _DROP_FUNCTION)


def add_trigger(table: Table) -> None:
    """Make the creation of ``table``, which has a column ``updated_at``, create its trigger."""
    event.listen(table, "after_create", _CREATE_TRIGGER)
