"""What the project's commands share: Alembic's options, the database, output, exit codes."""
