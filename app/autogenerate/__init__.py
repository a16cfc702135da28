"""Autogenerate without blind spots: Alembic's comparison, done by PostgreSQL's own catalog.

The models are built in a scratch schema, PostgreSQL prints both sides, and the texts are compared.
What differs becomes operations: Alembic's own where the models describe the object, SQL as
PostgreSQL prints it elsewhere, and the live definition for the way down.

This package works for any ``MetaData`` and names no table. Data flows through its rooms in one
direction: ``scratch`` finds what differs, ``changes`` what is to be done, ``writing`` how it is
written down, and ``plugin`` hands it to Alembic.
"""

from .plugin import configure_options

__all__ = ["configure_options"]
