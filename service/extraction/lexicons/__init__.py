"""Lexicons: the closed classes of words that the deterministic stages read, as data."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lexicon(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the tables of the lexicon `name`, by language."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def primary_subtag(language: str) -> str:
    """Return the language itself of a BCP 47 tag, by which lexicons are named: `pt` of `pt-BR`."""
    return language.split("-", maxsplit=1)[0].lower()
