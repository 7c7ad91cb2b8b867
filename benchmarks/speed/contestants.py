"""Who is measured: how each is started, what it is asked, and when it is ready."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.article import article
from benchmarks.speed.handlers.asking import MODEL, RESPONSE_FORMAT, messages
from tests.rig.open_load import Request

ROOT = Path(__file__).parents[2]
_BUILD = ROOT / "build"
_OURS = Path(sys.executable)

#: The letters by which the issue, the options and the page call them.
PLAIN, FASTAPI, LITESTAR, LITELLM, VIGIE = "abcde"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is started."""

    #: Base URL of the endpoint.
    upstream: str
    port: int
    #: Its own, and empty.
    folder: Path


@dataclass(frozen=True, slots=True)
class Contestant:
    """One of those who are measured."""

    called: str
    #: The interpreter, and with it the environment.
    python: Path
    #: Modules that are imported before it can serve.
    modules: str
    #: Arguments of the interpreter.
    arguments: Callable[[Place], Sequence[str]]
    #: Where articles go.
    path: str = "/extract"
    #: What is answered with less than 500 once it is ready.
    ready: str = "/"
    #: Of the environment.
    settings: Mapping[str, str] | None = None

    def environment(self, place: Place) -> dict[str, str]:
        """Return the environment in which it is started: nothing of ours but what it needs."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        asked = {"OPENAI_BASE_URL": place.upstream, "OPENAI_API_KEY": "none", "HOME": str(place.folder), "PYTHONPATH": str(ROOT)}
        return kept | asked | {name: value.format(folder=place.folder) for name, value in (self.settings or {}).items()}

    def request(self, number: int) -> Request:
        """Return the request about the article of this `number`."""
        text = article(number)
        body = {"text": text} if self.path == "/extract" else {"model": MODEL, "messages": messages(text), "response_format": RESPONSE_FORMAT}
        return Request(json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


def _handler(module: str) -> Callable[[Place], Sequence[str]]:
    return lambda place: ("-m", "uvicorn", f"{module}:app", "--host", "127.0.0.1", "--port", str(place.port), "--workers", "1")


def _litellm(place: Place) -> Sequence[str]:
    """Have LiteLLM pass on what is asked of the model; without a database, and without word to anybody."""
    settings = {
        "model_list": [{"model_name": MODEL, "litellm_params": {"model": f"openai/{MODEL}", "api_base": place.upstream, "api_key": "none"}}],
        "litellm_settings": {"telemetry": False},
    }
    config = place.folder / "litellm.yaml"
    config.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    # As its command does.
    starts = "from litellm.proxy.proxy_cli import run_server; run_server()"
    return ("-c", starts, "--config", str(config), "--host", "127.0.0.1", "--port", str(place.port), "--num_workers", "1", "--telemetry", "False")


def _vigie(place: Place) -> Sequence[str]:
    return ("-m", "service.cli", "serve", "--host", "127.0.0.1", "--port", str(place.port))


_HANDLERS = "benchmarks.speed.handlers"

CONTESTANTS: Mapping[str, Contestant] = {
    PLAIN: Contestant("openai client", _OURS, f"uvicorn, {_HANDLERS}.openai_alone", _handler(f"{_HANDLERS}.openai_alone")),
    FASTAPI: Contestant(
        "FastAPI + Instructor",
        _BUILD / "bench-fastapi" / "bin" / "python",
        f"uvicorn, {_HANDLERS}.fastapi_instructor",
        _handler(f"{_HANDLERS}.fastapi_instructor"),
    ),
    LITESTAR: Contestant("Litestar + Instructor", _OURS, f"uvicorn, {_HANDLERS}.litestar_instructor", _handler(f"{_HANDLERS}.litestar_instructor")),
    LITELLM: Contestant(
        "LiteLLM proxy",
        _BUILD / "bench-litellm" / "bin" / "python",
        "litellm.proxy.proxy_server",
        _litellm,
        path="/v1/chat/completions",
        ready="/health/readiness",
        # None of the others asks for a key either; what models cost is read from its package and not fetched.
        settings={"LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true", "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
    ),
    VIGIE: Contestant(
        "Vigie",
        _OURS,
        "service.cli",
        _vigie,
        ready="/readyz",
        # Room for all that are in flight at once, which the others do not bound. No record is kept, as with the others.
        settings={"VIGIE_MODEL": MODEL, "VIGIE_DATA_DIR": "{folder}", "VIGIE_CONCURRENCY": "200", "VIGIE_CACHE_MB": "0", "VIGIE_DRAIN_S": "0"},
    ),
}
