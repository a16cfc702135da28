"""Names as they are written in definitions: the same in every schema."""


def function(oid: str) -> str:
    """Return SQL for the name of the function ``oid``; NULL where that is 0.

    ``regproc`` would print the schema too where the name is overloaded.
    """
    return f"regexp_replace(nullif({oid}::oid, 0)::regprocedure::text, '[(][^(]*$', '')"
