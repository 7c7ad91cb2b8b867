"""Two articles of our own, as requests that run as they are, the record that the embedded model's answers gave of one, and jobs."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

#: The languages of the articles.
LANGUAGES = ("french", "english")


@cache
def request(language: str) -> dict[str, Any]:
    """Return the example request in `language`, one of `LANGUAGES`."""
    return _read(f"{language}.json")


@cache
def record() -> dict[str, Any]:
    """Return the record of the French example."""
    return _read("french.record.json")


@cache
def job(which: str) -> dict[str, Any]:
    """Return an example of a job: one that was `submitted`, is `running`, or was `cancelled`."""
    jobs: dict[str, dict[str, Any]] = _read("jobs.json")
    return jobs[which]


def _read(name: str) -> dict[str, Any]:
    """Return what the file `name` beside this one holds."""
    content: dict[str, Any] = json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return content
