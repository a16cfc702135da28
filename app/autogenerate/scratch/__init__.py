"""The models built in a scratch schema, and how the database differs from that.

What building gave is remembered, so that an unchanged check builds nothing; texts that differ are
parsed once more before they count as different.
"""

from .copy import scratch_schema
from .drift import Drift, Making, current_schema, find_drift

__all__ = [
    "Drift",
    "Making",
    "current_schema",
    "find_drift",
    "scratch_schema",
]
