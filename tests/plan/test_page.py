"""docs/migrations.md is what PostgreSQL says of the revisions, and a stale one is noticed."""

from pathlib import Path

import pytest
from sqlalchemy import URL, Connection

from app.plan import page
from app.plan.page import PATH, MigrationsPage, migrations_page
from app.server.scratch import major_version
from tests.support.databases import ROOT


def test_page_says_what_postgresql_says(server_url: URL, connection: Connection) -> None:
    if major_version(connection) != page.VERSION:
        pytest.skip(f"the page is written on PostgreSQL {page.VERSION}")
    written = migrations_page(server_url.render_as_string(hide_password=False))
    assert (ROOT / PATH).read_text("utf-8") == written, "creativeflow-schema reference writes it"


def test_page_of_other_revisions_is_stale(tmp_path: Path) -> None:
    assert MigrationsPage().is_current(ROOT)
    (tmp_path / PATH.parent).mkdir()
    assert not MigrationsPage().is_current(tmp_path)
    text = (ROOT / PATH).read_text("utf-8")
    (tmp_path / PATH).write_text(text.replace("<!-- revisions ", "<!-- revisions 0"))
    assert not MigrationsPage().is_current(tmp_path)
