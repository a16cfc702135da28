"""Ordinary changes of the schema, made as a developer makes them."""
