"""Many cases of a kind: a part of them is always tried, all of them in the long run."""

from typing import Any
from zlib import crc32

import pytest


def one_in(number: int, name: str, *values: Any) -> Any:
    """Return the parameters ``values`` (``name`` itself without any), marked ``long`` mostly.

    Which case of ``number`` is not depends on its name: a new case moves no other.
    """
    marks = pytest.mark.long if crc32(name.encode()) % number else ()
    return pytest.param(*(values or (name,)), id=name, marks=marks)
