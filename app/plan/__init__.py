"""What pending revisions will do, said by PostgreSQL and by the rows before they run.

The revisions run on a scratch database, as ``alembic upgrade`` would run them, and after each
statement PostgreSQL is asked what it locked, rewrote, scanned and built. Nothing is read out of
SQL, so that what happens inside a DO block or a function counts too.
"""
