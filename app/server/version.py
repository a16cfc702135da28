"""The oldest server that the schema runs on, and how a script refuses an older one (R17)."""

MINIMUM_VERSION = 16

REFUSE_OLDER = f"""\
    IF current_setting('server_version_num')::int < {MINIMUM_VERSION * 10_000} THEN
        RAISE EXCEPTION 'PostgreSQL % is too old: this schema needs {MINIMUM_VERSION} or later',
            current_setting('server_version')
            USING HINT = 'Nothing was changed. Upgrade the server, or connect to another.';
    END IF;"""
"""Statements of PL/pgSQL, for a DO block at the beginning of a transaction."""
