"""The guides: their commands run, their links lead somewhere."""
