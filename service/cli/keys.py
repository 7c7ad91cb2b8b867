"""`vigie keys`: make, show and end callers' keys."""

import argparse
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from service.access.key import Key, Scope, digest_of, new_key
from service.access.key_file import KeyFile
from service.cli.terminal import harmless, put, say
from service.errors import SetupError
from service.settings import Settings

_DURATION = re.compile(r"(\d{1,5})([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_HEADS = ("id", "name", "scopes", "created", "expires", "a minute", "at once")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell `parser` what there is to do with keys."""
    doing = parser.add_subparsers(dest="doing", required=True, metavar="action")
    adding = doing.add_parser("add", help="make a key and print it, this once")
    adding.add_argument("name", help="whose it is, for the list")
    adding.add_argument("--scope", action="append", choices=[*Scope], help="what it opens; may be given again (default: extract)")
    adding.add_argument("--expires-in", type=duration, metavar="TIME", help="how long it opens, such as 12h, 90d or 52w (default: for ever)")
    adding.add_argument("--rate", type=_count, metavar="N", help="most requests in any minute")
    adding.add_argument("--concurrency", type=_count, metavar="N", help="most requests at the same time")
    listing = doing.add_parser("list", help="show the keys, without their secrets")
    listing.add_argument("--json", action="store_true", help="one object a line")
    revoking = doing.add_parser("revoke", help="have a key open nothing any more")
    revoking.add_argument("id", help="the middle part of the key: vg_<id>_...")
    revoking.add_argument("--in", dest="later", type=duration, default=timedelta(), metavar="TIME", help="not now but so much later: time to change keys")


def run(settings: Settings, arguments: argparse.Namespace) -> None:
    """Do what `arguments` hold.

    Raises:
        SetupError: The file of keys cannot be read or written, or has no such key.
    """
    file = KeyFile(settings.data_dir)
    now = datetime.now(UTC).replace(microsecond=0)
    match arguments.doing:
        case "add":
            _add(file, arguments, now)
        case "revoke":
            _revoke(file, arguments, now)
        case _:
            _list(file, now, as_json=arguments.json)


def duration(value: str) -> timedelta:
    """Return the time that `value` names, such as `90d`."""
    found = _DURATION.fullmatch(value)
    if not found:
        raise argparse.ArgumentTypeError("give a number and s, m, h, d or w, such as 90d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _add(file: KeyFile, arguments: argparse.Namespace, now: datetime) -> None:
    name = arguments.name.strip()
    if not (name and len(name) <= 100 and name.isprintable()):  # noqa: PLR2004 - as Key has it
        raise SetupError("A name has 1 to 100 printable characters.")
    identity, secret = new_key()
    expires = now + arguments.expires_in if arguments.expires_in is not None else None
    scopes = frozenset(map(Scope, arguments.scope or [Scope.EXTRACT]))
    file.add(
        Key(
            id=identity,
            name=name,
            sha256=digest_of(secret),
            scopes=scopes,
            created=now,
            expires=expires,
            rate_per_minute=arguments.rate,
            concurrency=arguments.concurrency,
        )
    )
    say(f"The key {identity} for {harmless(name)}; it is not shown again.")
    put(secret)


def _revoke(file: KeyFile, arguments: argparse.Namespace, now: datetime) -> None:
    at = now + arguments.later
    key = file.end(arguments.id, at)
    say(f"The key {key.id} of {harmless(key.name)} opens nothing {f'from {_shown(at)} on' if at > now else 'any more'}.")


def _list(file: KeyFile, now: datetime, *, as_json: bool) -> None:
    try:
        keys: Sequence[Key] = file.known()
    except (OSError, ValueError):
        raise SetupError(f"{file.path} is no file of keys, or cannot be read.") from None
    if as_json:
        for key in keys:
            put(json.dumps(key.model_dump(mode="json", exclude={"sha256"}) | {"scopes": sorted(key.scopes), "is_over": key.is_over(now)}))
        return
    rows = [_HEADS, *(_row(key, now) for key in keys)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        put("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _row(key: Key, now: datetime) -> tuple[str, ...]:
    """Return `key` as the cells of a line."""
    ends = "never" if key.expires is None else _shown(key.expires) + (" (over)" if key.is_over(now) else "")
    limits = (str(limit) if limit else "-" for limit in (key.rate_per_minute, key.concurrency))
    return key.id, harmless(key.name), " ".join(sorted(key.scopes)), _shown(key.created), ends, *limits


def _shown(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%MZ")


def _count(value: str) -> int:
    """Return the positive number that `value` names."""
    if not (value.isdecimal() and value.isascii() and 0 < int(value[:9]) < 10**8):
        raise argparse.ArgumentTypeError("give a number from 1 on")
    return int(value)
