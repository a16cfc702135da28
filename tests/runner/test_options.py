"""Where the options of a run come from."""

import pytest
from alembic.config import Config
from alembic.util import CommandError

from app.runner.options import Options, find_options, in_words


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.delenv("DATABASE_LOCK_TIMEOUT", raising=False)
    return Config()


def test_defaults_are_used_when_nothing_is_set(config: Config) -> None:
    assert find_options(config, {}) == Options(1_800, 60_000, 12, 600_000)


def test_x_wins_over_environment_over_ini(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    config.set_main_option("lock_timeout", "1s")
    assert find_options(config, {}).lock_timeout == 1_000
    monkeypatch.setenv("DATABASE_LOCK_TIMEOUT", "2s")
    assert find_options(config, {}).lock_timeout == 2_000
    assert find_options(config, {"lock_timeout": "3s"}).lock_timeout == 3_000


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("0", 0), ("250", 250), ("250ms", 250), ("5 s", 5_000), ("2min", 120_000), ("1d", 86_400_000)],
)
def test_durations_are_written_as_in_postgresql(
    config: Config, text: str, milliseconds: int
) -> None:
    assert find_options(config, {"statement_timeout": text}).statement_timeout == milliseconds


@pytest.mark.parametrize("text", ["soon", "-1", "1.5s", "5 lightyears", "30d", "5S"])
def test_what_is_no_duration_is_refused_with_an_example(config: Config, text: str) -> None:
    with pytest.raises(CommandError, match=r"no duration\.\nNothing was changed"):
        find_options(config, {"wait_timeout": text})


@pytest.mark.parametrize("text", ["0", "-1", "many", "1001", "2s"])
def test_what_is_no_number_of_attempts_is_refused(config: Config, text: str) -> None:
    with pytest.raises(CommandError, match="no number of attempts"):
        find_options(config, {"lock_attempts": text})


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(0.4, "0 ms"), (999, "999 ms"), (1_240, "1.2 s"), (59_000, "59 s"), (600_000, "10 min")],
)
def test_durations_are_reported_in_words(milliseconds: float, words: str) -> None:
    assert in_words(milliseconds) == words
