"""The embedded PostgreSQL server: installed from a wheel, shared by the processes that use it."""
