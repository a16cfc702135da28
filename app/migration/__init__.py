"""What running and writing migrations needs beyond Alembic itself."""
