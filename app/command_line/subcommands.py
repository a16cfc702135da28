"""The project's own subcommands. What is not among them is Alembic's."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast


class Module(Protocol):
    """What the module of a subcommand has."""

    def configure(self, parser: ArgumentParser) -> None:
        """Add the subcommand's arguments to ``parser``, with an example for its help."""

    def run(self, options: Namespace) -> int:
        """Run the subcommand; return 0 if there is nothing to mend, else 1.

        Raises:
            CommandError: it could not look, for which the command exits with 2.
        """


@dataclass(frozen=True)
class Subcommand:
    """A subcommand: what ``--help`` says of it, and its module, imported only when it is called."""

    name: str
    summary: str
    module: str

    def load(self) -> Module:
        """Import the subcommand's module."""
        return cast("Module", import_module(self.module, __package__))


SUBCOMMANDS = {
    each.name: each
    for each in (
        Subcommand("server", "run the embedded PostgreSQL server", "..server.embedded.command"),
        Subcommand(
            "partitions", "ensure, retire or report the monthly partitions", "..partitions.command"
        ),
        Subcommand("plan", "say what pending revisions will do, before they run", "..plan.command"),
        Subcommand("lint", "lint what each revision does to a live database", "..lint.command"),
        Subcommand(
            "reference", "write ddl/, the data dictionary and the diagrams", "..reference.command"
        ),
        Subcommand(
            "renumber", "move your revisions on top of what was merged", "..revisions.command"
        ),
        Subcommand(
            "sample-data", "fill an empty database with a believable platform", "..sample.command"
        ),
        Subcommand("completion", "print what completes this command in a shell", ".completion"),
    )
}
