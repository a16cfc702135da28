"""Waivers: comments in a revision that let it break a rule, each with the reason."""

import re
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from .linter import is_rule

FORM = "# squawk-ignore <rule>: <reason>"
_COMMENT = re.compile(r"#\s*squawk-ignore\b\s*(?P<rule>[\w-]*)\s*:?\s*(?P<reason>.*)")


@dataclass(frozen=True)
class Waiver:
    """A waiver of ``rule``, at a line of the revision; an empty reason is none."""

    rule: str
    reason: str
    line: int

    def mistake(self, broken: Collection[str]) -> str | None:
        """Say what is wrong with the waiver in a revision that breaks the rules ``broken``."""
        if not self.rule or not self.reason:
            return f"a waiver without a {'reason' if self.rule else 'rule'}. Write: {FORM}"
        if self.rule in broken:
            return None
        if is_rule(self.rule):
            return f"nothing here breaks {self.rule}. Remove the waiver."
        return f"squawk has no rule {self.rule}. The rules: https://squawkhq.com/docs/rules"


def find_waivers(path: Path) -> Iterator[Waiver]:
    """Yield the waivers of the revision at ``path``; text that only looks like one is none."""
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.COMMENT and (match := _COMMENT.fullmatch(token.string)):
                yield Waiver(match["rule"], match["reason"], token.start[0])
