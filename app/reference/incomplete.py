"""What the generator cannot know by itself, and misses."""


class IncompleteError(Exception):
    """Something has to be said of a table before its reference can be made; the message says what.

    It is a sentence for the author of the table, with the file to edit.
    """
