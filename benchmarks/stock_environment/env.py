"""Alembic's environment as its own template writes it, with all options of the comparison on."""

from alembic import context
from sqlalchemy import create_engine, pool

from app.models import Base
from benchmarks.stock import stock_options

x_arguments = context.get_x_argument(as_dictionary=True)
engine = create_engine(
    str(context.config.get_main_option("sqlalchemy.url")), poolclass=pool.NullPool
)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        **stock_options(connection, Base.metadata, hide_partitions="hide" in x_arguments),
    )
    with context.begin_transaction():
        context.run_migrations()
