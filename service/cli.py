"""The command `vigie`: serve, fetch the weights, read one file. Results go to standard output, all else to standard error."""

import argparse
import asyncio
import ipaddress
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from litestar import Litestar
from pydantic import ValidationError
from pydantic_settings import SettingsError

from schemas.article import Article
from schemas.record import Record
from service import logs
from service.app import create_app
from service.errors import ModelLoading, RequestError, SetupError, VigieError
from service.extraction.pipeline import Extractor, shared_prefix
from service.intake import JSON, TEXT, article_of
from service.models import progress, weights
from service.models.base import Model
from service.models.choosing import model_of
from service.routes.extract import Extracts
from service.settings import Settings

#: Exit codes: all went well; the command cannot be run as it was given; the model failed, or we did.
OK, WRONG_INPUT, FAILED = 0, 2, 3
#: How often a model that is being loaded is asked whether it is ready.
LOADING_POLL_S = 0.2
#: Time beyond the longest deadline that an answer needs to reach its caller at shut-down.
GRACE_S = 5


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (by default, the process's arguments) names; return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return _run(arguments)
    except (SetupError, RequestError) as error:
        return _fail(error.detail, WRONG_INPUT)
    except VigieError as error:
        return _fail(f"{error.code}: {error.detail}", FAILED)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the edge of the process: Python would print the words of the exception, which may be the article's
        logs.log_broken(error)
        return FAILED


def _run(arguments: argparse.Namespace) -> int:
    """Run the command that `arguments` hold; return its exit code."""
    settings = _settings()
    logs.configure(settings.log_level)
    match arguments.command:
        case "serve":
            return serve(settings, arguments.host, arguments.port)
        case "fetch":
            with progress.shown("Weights", weights.PINNED.size) as tell:
                weights.fetch(settings, tell)
            return OK
        case _:
            return print_record(settings, arguments.file)


def serve(settings: Settings, host: str, port: int) -> int:
    """Serve on `host` and `port` until a signal asks to stop; return the exit code.

    Raises:
        SetupError: The address is not for us, or everyone could read there without a key.
    """
    if not (_is_loopback(host) or settings.allow_anonymous):
        raise SetupError(f"Anyone who reaches {host} could use the service: serve on 127.0.0.1, or set VIGIE_ALLOW_ANONYMOUS=1.")
    server = uvicorn.Server(server_config(create_app(settings), settings))
    with _listening(host, port) as listener:
        logs.log.info("listening", host=host, port=listener.getsockname()[1], mode=settings.mode, model=settings.model)
        server.run(sockets=[listener])
    return OK if server.started else FAILED


def server_config(app: Litestar, settings: Settings) -> uvicorn.Config:
    """Return how uvicorn serves `app`."""
    return uvicorn.Config(
        app,
        lifespan="on",
        ws="none",
        # A caller may write any X-Forwarded-For.
        proxy_headers=False,
        server_header=False,
        # Ours is the one line a request, and the one handler of what uvicorn logs.
        access_log=False,
        log_config=None,
        # Shorter would turn requests that are under way into errors.
        timeout_graceful_shutdown=int(settings.max_deadline_s) + GRACE_S,
    )


def print_record(settings: Settings, file: str) -> int:
    """Print the record of the article in `file` (`-`: standard input; JSON if so named, else bare text) as JSON; return the exit code.

    Raises:
        SetupError: The file cannot be read.
        VigieError: There is no record.
    """
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise SetupError(f"{file}: {error.strerror}.") from None
    article = article_of(body, JSON if file.endswith(".json") else TEXT)
    model = model_of(settings, prefix=shared_prefix)
    print(f"vigie: reading {len(article.text):,} characters with {model.name} ...", file=sys.stderr)
    record = asyncio.run(read(article, model, Extractor(model, settings), settings))
    # As bytes: a record is UTF-8 whatever the terminal is.
    sys.stdout.buffer.write(record.model_dump_json(indent=2).encode() + b"\n")
    return OK


async def read(article: Article, model: Model, extractor: Extracts, settings: Settings) -> Record:
    """Return the record of `article`, once `model` is loaded.

    Raises:
        VigieError: There is none.
    """
    try:
        await model.start()
        while await _is_loading(model):  # noqa: ASYNC110 - a model tells nobody when it is ready
            await asyncio.sleep(LOADING_POLL_S)
        deadline_at = asyncio.get_running_loop().time() + settings.deadline_for(article.options.deadline_s)
        return await extractor.extract(article, deadline_at=deadline_at)
    finally:
        await model.close()


async def _is_loading(model: Model) -> bool:
    """Return whether `model` will be ready soon."""
    try:
        await model.check()
    except ModelLoading:
        return True
    return False


def _settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SetupError: Some of them do not work. Names them and not their values, which may be secrets.
    """
    try:
        return Settings()
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise SetupError(" ".join(f"{_variable(str(one['loc'][0]))}: {one['msg']}." for one in found)) from None
    except SettingsError:
        raise SetupError("A variable of the environment cannot be read.") from None


def _variable(name: str) -> str:
    """Return the variable of the environment that holds the setting `name`."""
    return name if name.isupper() else f"VIGIE_{name.upper()}"


def _is_loopback(host: str) -> bool:
    """Return whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port`; 0 is any free one.

    Raises:
        SetupError: It cannot.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2_048)
    except (OSError, OverflowError) as error:
        raise SetupError(f"Cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or error}.") from None


def _fail(detail: str, code: int) -> int:
    """Say in one line what went wrong and return `code`."""
    print(f"vigie: {detail}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser(
        prog="vigie", description="A news article in, one proven record out. Settings come from the environment; README.md lists them."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve", help="serve POST /extract")
    server.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    server.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    commands.add_parser("fetch", help="get the weights of the embedded model")
    extract = commands.add_parser("extract", help="read one article and print its record")
    extract.add_argument("file", help="the article: a text file, a .json file as POST /extract takes it, or - for text on standard input")
    return parser


if __name__ == "__main__":
    sys.exit(main())
