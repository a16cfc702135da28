"""Writing revisions where they do no harm."""

from pathlib import Path

from alembic.config import Config


def writing_to(directory: Path, config: Config) -> Config:
    """Make ``config`` find revisions in ``directory`` too, and run no formatter on them."""
    locations = config.get_main_option("version_locations")
    config.set_main_option("version_locations", f"{locations}\n{directory}")
    config.set_section_option("post_write_hooks", "hooks", "")
    return config
