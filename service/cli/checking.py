"""`vigie serve --check`: what is configured, what follows from it, and whether the service would start. No secret is shown."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic import SecretStr

from service.access.key_file import KeyFile
from service.cli.serving import has_keys, is_loopback, listening, ready_app
from service.cli.terminal import harmless, put
from service.models.weights import PINNED, weights_path
from service.settings import Settings, variable_of

#: Where the SDK asks when no address is given.
_OPENAI = "api.openai.com"


def check(settings: Settings, host: str, port: int) -> None:
    """Print what is configured, and what follows if the service would start.

    Raises:
        SetupError: It would not.
    """
    put(_aligned(_set_out(settings)))
    ready_app(settings, host)
    with listening(host, port):
        pass
    put(f"\n{_aligned(_consequences(settings, host, port))}")


def _set_out(settings: Settings) -> Iterable[tuple[str, ...]]:
    """Yield each setting: its name, its value, and who chose it."""
    for field in type(settings).model_fields:
        yield variable_of(field), _shown(field, getattr(settings, field)), "set" if field in settings.model_fields_set else "default"


def _shown(field: str, value: object) -> str:
    """Return the `value` of the setting `field` as anyone may see it."""
    match value:
        case None:
            return "none"
        case SecretStr():
            return "set"
        case tuple():
            secret = f"set ({len(value)} key{'s' if len(value) > 1 else ''})"
            return "none" if not value else secret if field == "api_keys" else ", ".join(value)
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return _masked(str(value)) if field.endswith("_url") else str(value)


def _masked(address: str) -> str:
    """Return a web address without what may be secret in it: the user's name and password, and the query."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "set"
    user, at, host = parts.netloc.rpartition("@")
    if not host:
        return "set"
    return parts._replace(netloc=f"{'***' if user else ''}{at}{host}", query="***" if parts.query else "", fragment="").geturl()


def _consequences(settings: Settings, host: str, port: int) -> Iterable[tuple[str, ...]]:
    """Yield what follows from the settings."""
    yield "address", f"http://{f'[{host}]' if ':' in host else host}:{port}"
    yield "callers", _callers(settings, host)
    yield "model", _model(settings)
    yield "jobs", _jobs(settings)
    yield "privacy", _way_of_articles(settings)
    yield "deadline", f"{settings.default_deadline_s:g} s for an article, at most {settings.max_deadline_s:g} s"
    if settings.asks_embedded:
        yield "weights", _weights(settings)


def _callers(settings: Settings, host: str) -> str:
    if has_keys(settings):
        now = datetime.now(UTC)
        count = len(settings.api_keys) + sum(not key.is_over(now) for key in KeyFile(settings.data_dir).known())
        return f"whoever shows one of {count} keys" if count > 1 else "whoever shows the key" if count else "nobody: all keys are over"
    return "everyone on this machine, without a key" if is_loopback(host) else f"everyone who reaches {host}, without a key"


def _model(settings: Settings) -> str:
    if settings.mode == "replay":
        return f"none; the recordings in {settings.recordings} answer"
    own = settings.embedded_model.stem if settings.embedded_model else PINNED.name
    name = own if settings.is_embedded else settings.model
    return f"{name}; each exchange is kept in {settings.recordings}" if settings.mode == "record" else name


def _way_of_articles(settings: Settings) -> str:
    if settings.mode == "replay" or settings.is_embedded:
        return "articles are read on this machine"
    return f"articles are sent to {urlsplit(settings.openai_base_url).netloc if settings.openai_base_url else _OPENAI}"


def _jobs(settings: Settings) -> str:
    if settings.database_url:
        # Without user name, password and options; several hosts are told as they stand.
        place = f"with their articles at {urlsplit(settings.database_url.get_secret_value()).netloc.rpartition('@')[2] or 'the server that is named'}"
    else:
        place = f"in {settings.data_dir / 'postgres'}, from the first one on"
    return f"kept {place}; read {'here too' if settings.worker else 'by vigie worker alone'}"


def _weights(settings: Settings) -> str:
    path = weights_path(settings)
    if settings.embedded_model:
        return f"{path}, a file of your own"
    if not path.is_file():
        return f"{path}, not there yet: fetched at the start ({PINNED.size:,} bytes)"
    size = path.stat().st_size
    return f"{path}, {f'size matches ({size:,} bytes)' if size == PINNED.size else f'{size:,} bytes in place of {PINNED.size:,}: fetched anew at the start'}"


def _aligned(rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows as lines, with the columns one under the other."""
    cells = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)
