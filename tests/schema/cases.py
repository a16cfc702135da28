"""Parametrisation of tests over the documents' tables and columns, with readable ids."""

from collections.abc import Callable

import pytest

from tests.schema.documents import TABLES
from tests.schema.documents.notation import Column, Table


def each_table_that(is_wanted: Callable[[Table], object]) -> pytest.MarkDecorator:
    """Run the test once per table that ``is_wanted``, given as ``table``."""
    wanted = [table for table in TABLES if is_wanted(table)]
    return pytest.mark.parametrize("table", wanted, ids=[table.name for table in wanted])


def each_column(is_wanted: Callable[[Table, Column], bool]) -> pytest.MarkDecorator:
    """Run the test once per column that ``is_wanted``, given as ``table`` and ``column``."""
    return pytest.mark.parametrize(
        ("table", "column"),
        [
            pytest.param(table, column, id=f"{table.name}.{column.name}")
            for table in TABLES
            for column in table.columns
            if is_wanted(table, column)
        ],
    )


each_table = each_table_that(lambda _: True)
each_partitioned_table = each_table_that(lambda table: table.partitioned_by)
each_stamped_table = each_table_that(lambda table: table.has_updated_at)
each_foreign_key = each_column(lambda _, column: column.references is not None)
