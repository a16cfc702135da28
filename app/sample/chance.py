"""Chance that comes out the same for the same seed: ids, moments, and counts as skewed as life."""

from datetime import UTC, datetime
from random import Random

DAY = 86_400.0
_SPREAD = 1.2


class Chance(Random):
    """Random choices for rows."""

    def id(self) -> str:
        """Return a UUID of version 4."""
        drawn = f"{self.getrandbits(128):032x}"
        return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"

    def often(self, probability: float) -> bool:
        """Return True with that probability."""
        return self.random() < probability

    def activity(self) -> float:
        """Return how active somebody is, 1 on average: most are little, a few are very much."""
        return min(self.lognormvariate(-(_SPREAD**2) / 2, _SPREAD), 30)

    def count(self, mean: float) -> int:
        """Return a whole number that is ``mean`` on average."""
        return int(mean + self.random())

    def rank(self, length: int) -> int:
        """Return an index below ``length``; each is drawn more often than those behind it."""
        return int(length ** self.random()) - 1 if length > 1 else 0

    def moment(self, since: float, until: float) -> float:
        """Return a moment between the two, in seconds; late ones are drawn more often."""
        share: float = self.random() ** 0.7
        return since + (until - since) * share

    def digits(self, length: int) -> str:
        """Return a text of hexadecimal digits."""
        return f"{self.getrandbits(4 * length):0{length}x}"


def text_of(moment: float) -> str:
    """Return a moment as PostgreSQL reads it."""
    return datetime.fromtimestamp(moment, UTC).isoformat()


def months_before(moment: datetime, months: int) -> datetime:
    """Return the beginning of the month that is ``months`` before that of ``moment``, in UTC."""
    number = moment.year * 12 + moment.month - 1 - months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
