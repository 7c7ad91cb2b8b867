"""The machine and the versions, without which figures say little."""

import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from service import __version__
from service.models.engine import available_cores

#: Of the environment in which Vigie runs.
_PACKAGES = ("openai", "instructor", "litestar", "pydantic", "uvicorn", "uvloop")


@dataclass(frozen=True, slots=True)
class Machine:
    """What was measured on."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str
    commit: str
    versions: dict[str, str]


def machine() -> Machine:
    """Return what this is."""
    memory = next((int(value.split()[0]) for name, value in _facts(Path("/proc/meminfo")) if name == "MemTotal"), 0)
    versions = {name: version(name) for name in _PACKAGES}
    return Machine(
        processor=next((value for name, value in _facts(Path("/proc/cpuinfo")) if name == "model name"), platform.machine()),
        cores=available_cores(),
        memory_gib=memory / (1 << 20),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        commit=_commit(),
        versions={"vigie": __version__, **versions},
    )


def version_in(python: Path, package: str) -> str:
    """Return the version of a `package` in the environment of another `python`; nothing where there is none."""
    asks = f"from importlib.metadata import version; print(version({package!r}))"
    try:
        return subprocess.run([python, "-c", asks], capture_output=True, text=True, check=True, timeout=60).stdout.strip()  # noqa: S603 - our own words
    except (OSError, subprocess.SubprocessError):
        return ""


def _facts(path: Path) -> list[tuple[str, str]]:
    """Return names and values of a file of the system that has one of each in a line."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def _commit() -> str:
    """Return the commit of this tree, and whether it has been changed since; nothing outside of git."""
    try:
        done = subprocess.run(["git", "describe", "--always", "--dirty", "--abbrev=12"], capture_output=True, text=True, check=True, timeout=10)  # noqa: S607 - whichever git there is
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
