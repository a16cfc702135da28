"""Running migrations on databases that serve people: one at a time, never in a lock queue."""
