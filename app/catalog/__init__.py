"""What PostgreSQL says a schema is, and how two schemas differ."""
