"""The recorded session shows the first commands of the README, and no place of who recorded it."""

import re
from html import unescape

from tests.support.databases import ROOT


def test_commands_in_the_picture_are_those_of_the_readme() -> None:
    picture = unescape((ROOT / "docs/terminal.svg").read_text()).replace("\xa0", " ")
    shown = re.findall(r">\$ (.*?)</text>", picture)
    assert "\n".join(["```sh", *shown, "```"]) in (ROOT / "README.md").read_text()
    assert shown
    assert "recording-" not in picture
    assert re.findall(r"https?://(?!www\.(?:w3\.org|textualize\.io))", picture) == []
