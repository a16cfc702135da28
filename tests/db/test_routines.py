"""Each file of ``functions/`` becomes a routine with its comment."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData

from app.db import routines
from tests.runner.database import ask

COMMENTING = """\
CREATE OR REPLACE FUNCTION commenting() RETURNS text
LANGUAGE plpgsql
AS $function$
BEGIN
    EXECUTE 'COMMENT ON SCHEMA public IS NULL';
COMMENT ON SCHEMA public IS NULL;
    RETURN '100%';
END
$function$;

COMMENT ON FUNCTION commenting() IS
'What it does.';
"""


def test_body_may_hold_a_comment_on(
    empty_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "commenting.sql").write_text(COMMENTING, "utf-8")
    monkeypatch.setattr(routines, "DIRECTORY", tmp_path)
    metadata = MetaData()
    routines.add_routines(metadata)
    metadata.create_all(empty_engine)
    assert ask(empty_engine, "SELECT commenting()") == "100%"
    assert ask(empty_engine, "SELECT obj_description('commenting'::regproc)") == "What it does."
    metadata.drop_all(empty_engine)
    assert ask(empty_engine, "SELECT to_regproc('commenting')") is None
