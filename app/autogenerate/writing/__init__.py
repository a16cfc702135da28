"""How the changes are written down: revisions, their operations, what to review."""
