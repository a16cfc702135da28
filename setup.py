"""What is installed, and its name: ``app`` in an editable install, else ``creativeflow_schema``.

Everything else is in pyproject.toml. Why: docs/decisions/022-two-names.md.
"""

import os
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

NAME = "app" if os.environ.get("CREATIVEFLOW_SCHEMA_EDITABLE") else "creativeflow_schema"
# In the checkout they are beside the package, in a wheel within it.
ALEMBIC = ["alembic.ini", "env.py", "script.py.mako", ".squawk.toml", "versions/HEAD"]


class BuildPackage(build_py):  # type: ignore[misc]
    """Put Alembic's files into the package, unless the checkout itself is installed."""

    def run(self) -> None:
        """Build the package anew: what an earlier build left may be of another version."""
        target = Path(self.build_lib, NAME)
        if self.editable_mode:
            super().run()
            return
        shutil.rmtree(target, ignore_errors=True)
        super().run()
        for path in (*ALEMBIC, *map(str, Path("versions").glob("*.py"))):
            self.mkpath(str((target / path).parent))
            self.copy_file(path, str(target / path))


packages = find_packages(include=["app", "app.*"])
setup(
    packages=[NAME + package.removeprefix("app") for package in packages],
    package_dir={NAME: "app"},
    package_data={"": ["py.typed", "*.sql", "functions/*.sql"]},
    include_package_data=False,
    entry_points={"console_scripts": [f"creativeflow-schema = {NAME}.__main__:main"]},
    cmdclass={"build_py": BuildPackage},
)
