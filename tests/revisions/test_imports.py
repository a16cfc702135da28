"""Deployments load neither the ORM nor the models; the models need no database."""

from sqlalchemy import Engine

from tests.support.commands import run_python, url_of

UPGRADE = """
import sys
from alembic.config import main
main(argv=["upgrade", "head"])
loaded = [name for name in ("sqlalchemy.orm", "app.models", "app.autogenerate", "platformdirs")
          if name in sys.modules]
print("loaded:", loaded)
"""
MODELS = """
import sys
import app.models
print("loaded:", [name for name in ("psycopg2", "psycopg", "asyncpg", "alembic")
                  if name in sys.modules])
print(len(app.models.Base.metadata.tables))
"""


def test_upgrade_loads_neither_the_orm_nor_the_models(empty_engine: Engine) -> None:
    result = run_python("-c", UPGRADE, DATABASE_URL=url_of(empty_engine))
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("loaded: []\n")


def test_models_load_without_a_driver_or_alembic() -> None:
    result = run_python("-c", MODELS)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "loaded: []\n22\n"
