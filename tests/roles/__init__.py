"""``ddl/roles.sql``: what each role may do, and what the script does to a database."""
