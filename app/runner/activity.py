"""What other sessions do: who holds the lock of the run, who blocks a migration."""

from dataclasses import dataclass

from sqlalchemy import Connection

from .options import in_words

QUERY_LENGTH = 160

# Of autovacuum, others than superusers see its progress only.
_SESSIONS = """\
SELECT other.pid, usename AS user, host(client_addr) AS host, application_name AS application,
    state, query, activity.pid IS NOT NULL AS is_there, xact_start IS NOT NULL AS in_transaction,
    CASE WHEN other.pid IN (SELECT pid FROM pg_stat_progress_vacuum
                            UNION ALL SELECT pid FROM pg_stat_progress_analyze)
              AND usename IS NULL THEN 'autovacuum' ELSE backend_type END AS kind,
    extract(epoch FROM clock_timestamp() - coalesce(xact_start, query_start))::float8 AS age,
    extract(epoch FROM clock_timestamp() - backend_start)::float8 AS connected_for,
    to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') AS connected_since
FROM (SELECT DISTINCT pid FROM ({pids}) AS found (pid)) AS other
LEFT JOIN pg_stat_activity AS activity ON activity.pid = other.pid
ORDER BY age DESC NULLS LAST"""


@dataclass(frozen=True)
class Session:
    """Another session; what its owner alone may see is None to others. Ages are in seconds."""

    pid: int
    user: str | None
    host: str | None
    application: str | None
    state: str | None
    query: str | None
    is_there: bool
    in_transaction: bool
    kind: str | None
    age: float | None
    connected_for: float | None
    connected_since: str | None

    def name(self) -> str:
        """Return who this is: ``pid 4711 (app at 10.0.0.5, "web")``."""
        if self.pid == 0:
            return "a prepared transaction (see pg_prepared_xacts)"
        if not self.is_there:
            return f"pid {self.pid} (which has ended since)"
        if self.user is None:
            return f"pid {self.pid} ({self.kind or 'of the server itself'})"
        application = f', "{self.application}"' if self.application else ""
        return f"pid {self.pid} ({self.user} at {self.host or 'local socket'}{application})"

    def holding(self) -> str:
        """Return who this is, and since when."""
        if self.connected_for is None:
            return self.name()
        age = in_words(self.connected_for * 1_000)
        return f"{self.name()}, since {self.connected_since} ({age} ago)"

    def blocking(self) -> str:
        """Return who this is, what it runs or ran last, and for how long its transaction lasts."""
        if self.state is None:
            hidden = "; a member of pg_read_all_stats would see its query"
            return self.name() + (hidden if self.is_there else "")
        age = in_words((self.age or 0) * 1_000)
        query = " ".join((self.query or "").split())
        if len(query) > QUERY_LENGTH:
            query = query[:QUERY_LENGTH] + " ..."
        lasting = f"{'in' if self.in_transaction else 'outside'} a transaction for {age}"
        running = "running" if self.state == "active" else f"{self.state}, last"
        return f"{self.name()}, {lasting}, {running}: {query}"

    @property
    def can_be_ended(self) -> bool:
        """Whether to end it is a way out: autovacuum would begin anew."""
        return self.is_there and self.user is not None


def find_sessions(connection: Connection, pids: str) -> list[Session]:
    """Return the sessions whose pids the query ``pids`` gives, the oldest transaction first."""
    rows = connection.exec_driver_sql(_SESSIONS.format(pids=pids))
    return [Session(**row) for row in rows.mappings()]


def in_the_way(sessions: list[Session]) -> str:
    """Return who they are, what they run and for how long, one after the other."""
    return "; and by ".join(session.blocking() for session in sessions)


def ending(sessions: list[Session], introduction: str) -> str:
    """Return the end of a sentence: what would end ``sessions``, behind ``introduction``."""
    ends = [f"SELECT pg_terminate_backend({each.pid});" for each in sessions if each.can_be_ended]
    return f"{introduction}: {' '.join(ends)}" if ends else "."
