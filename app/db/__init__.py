"""What a table is built from, and where the database is."""
