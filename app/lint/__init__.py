"""Linting what each revision does to a live database with squawk."""
