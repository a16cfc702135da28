"""Where the database is, how to reach it, and what its errors say."""
