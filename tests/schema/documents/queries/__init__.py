"""What each index is for: the query it serves, as the application or PostgreSQL itself runs it.

``:user_id`` and the like stand for the id of some row of that table; moments and words are those
of the rows that ``tests.schema.bulk`` makes.
"""

from tests.schema.documents.queries import accounts, ai_models, billing, generation, studio
from tests.schema.documents.queries.notation import Query

QUERIES: tuple[Query, ...] = (
    *accounts.QUERIES,
    *studio.QUERIES,
    *generation.QUERIES,
    *billing.QUERIES,
    *ai_models.QUERIES,
)
"""One query for each named index and each unique constraint."""
