"""What is wrong with the text of a database URL, in words that do not repeat it."""

import re
from typing import NamedTuple

SCHEMES = ("postgresql", "postgres")
EXAMPLE = "postgresql://user:password@host:5432/dbname"


class Fault(NamedTuple):
    """What is wrong with a URL, as the end of a sentence, and what to do."""

    what: str
    remedy: str = f"Write it as {EXAMPLE}"


def find_fault(value: str) -> Fault | None:
    """Return what is wrong with ``value``, or None if it has the shape of a PostgreSQL URL.

    Nothing of ``value`` but its scheme stands in the fault: what comes after may be a password.
    """
    if "%00" in value or "\0" in value:
        return Fault(
            "holds a zero byte (%00)",
            "No name and no password of PostgreSQL's has one: leave it out.",
        )
    scheme, separator, rest = value.partition("://")
    if not separator or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+]*", scheme):
        return Fault("is no URL: it does not begin with postgresql://")
    if scheme.partition("+")[0] not in SCHEMES:
        return Fault(f"begins with {scheme}://, which is not PostgreSQL's")
    authority, *path = re.split(r"[/?#]", rest, maxsplit=1)
    user, _, hosts = authority.rpartition("@")
    if "@" in user or "@" in "".join(path).partition("?")[0]:
        return Fault(
            "has one @ too many, or another sign that has a meaning in URLs",
            f"In a user or password write @ as %40, / as %2F, ? as %3F and # as %23: {EXAMPLE}",
        )
    return next((found for found in map(_fault_of_host, hosts.split(",")) if found), None)


def _fault_of_host(host: str) -> Fault | None:
    _, bracket, port = host.rpartition("]")
    if host.startswith("[") != bool(bracket) or (not bracket and host.count(":") > 1):
        return Fault(
            "has an IPv6 address without its brackets",
            "Write the host as [::1], or as [::1]:5432 with a port.",
        )
    if not bracket:
        port = host[len(host.partition(":")[0]) :]
    if port and not (re.fullmatch(r":[0-9]{1,5}", port) and 0 < int(port[1:]) < 2**16):
        return Fault(
            "has a port that is no number from 1 to 65535",
            f"Write it as {EXAMPLE}, and a : in a password as %3A.",
        )
    return None
