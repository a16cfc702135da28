"""The monthly partitions from Python: callers of the schema's own routines, and a command."""
