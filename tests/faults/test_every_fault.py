"""Each fault of the rig against a process of its own: nothing leaks (G11), and every answer says truly whose fault it was and whether to come again (G15)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path

import httpx2
import pytest

from service.problems import kinds
from tests.faults.process_with_canaries import Served, process_with_canaries
from tests.rig import canaries
from tests.rig.canaries import Canaries, Sink
from tests.rig.faulty_upstream import CHOSEN, FAULTS, FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration


class Nature(Enum):
    """Whose fault it is, and whether it may be over by itself."""

    #: Nobody's: there is a record all the same.
    NONE = "none"
    #: The caller's, or the article's: 4xx, and the same request fails again.
    CALLER = "caller"
    #: The endpoint's or the model's: 5xx, and the same request may succeed later.
    PASSING = "passing"
    #: Ours, or of the account at the endpoint: 5xx until somebody mends it.
    LASTING = "lasting"


_NATURES = {
    Nature.NONE: (
        *(
            "ok",
            "slow-20",
            "slow-20-slots-2",
            "slow-20-then-10-after-50-slots-2",
            "odd-headers",
            "usage-missing",
            "usage-negative",
            "usage-huge",
            "usage-words",
        ),
        *("others-answer", "closes-after", "closes-at-next", "field-missing-once", "bad-enum-once", "fenced", "thoughts-before", "duplicates", "contradicts"),
        *("mixed-0", "quote-of-nothing", "quote-paraphrased", "quote-in-capitals", "quote-elided", "civilian-target", "civilian-as-military", "cut"),
    ),
    Nature.CALLER: ("too-long", "content-filter", "refusal"),
    Nature.PASSING: (
        *(
            "once-408",
            "once-503",
            "status-500",
            "status-502",
            "status-503",
            "status-504",
            "status-408",
            "status-409",
            "status-425",
            "fails-for-300",
            "flapping-50",
        ),
        *(
            "fails-for-300-slow-10-slots-2",
            "limited-after-3600",
            "limited-after-minus-5",
            "limited-after-nan",
            "limited-after-date-3600",
            "limited-after-ms-3600000",
        ),
        *(
            "limited-for-1",
            "closes",
            "resets",
            "resets-midway",
            "short-body",
            "hangs",
            "hangs-midway",
            "drips-100",
            "html",
            "broken-json",
            "deep-json",
            "no-json",
        ),
        *("ok-with-error", "no-choices", "choices-missing", "message-missing", "huge-3", "huge-declared-3", "gzip-bomb-20", "content-null", "content-empty"),
        *(
            "field-missing",
            "bad-enum",
            "prose",
            "prose-before",
            "trailing-text",
            "two-objects",
            "extra-field",
            "cut-at-once",
            "whitespace",
            "repeats",
            "lone-surrogate",
        ),
        *("escaped-surrogate", "nul", "bad-escape", "nan", "too-great", "many-digits", "no-such-date", "actors-300", "aliases-100000", "nesting-100000"),
    ),
    Nature.LASTING: (
        *("no-quota", "no-model", "status-400", "status-401", "status-402", "status-403", "status-404", "status-422"),
        *("redirects-301", "redirects-302", "redirects-303", "redirects-307", "redirects-308"),
    ),
}
NATURES = {fault: nature for nature, faults in _NATURES.items() for fault in faults}
#: Those that repeat most of what they were sent, one of each kind: of the transport, of the envelope, of the model.
LOUDEST = ("ok", "status-401", "no-quota", "ok-with-error", "resets-midway", "redirects-307", "refusal", "prose", "bad-enum", "escaped-surrogate", "no-json")
#: These never end by themselves.
_ENDLESS = ("hangs", "hangs-midway", "drips-100")
#: Where there are many faults, so many good articles stand before each, or the endpoint would soon be left alone.
_BETWEEN = 2
_TOLD = re.compile(r"the fault ([\w-]+)\.")

#: Whatever makes a program talk.
TALKATIVE = {
    "VIGIE_LOG_LEVEL": "debug",
    "OPENAI_LOG": "debug",
    "HTTPX_LOG_LEVEL": "trace",
    "HTTPX2_LOG_LEVEL": "trace",
    "HTTPCORE_LOG_LEVEL": "trace",
    "INSTRUCTOR_LOG_LEVEL": "DEBUG",
    "LITESTAR_DEBUG": "1",
    "LITESTAR_LOG_LEVEL": "DEBUG",
    "UVICORN_LOG_LEVEL": "trace",
    "LOG_LEVEL": "DEBUG",
    "DEBUG": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONWARNINGS": "always",
    "PYTHONFAULTHANDLER": "1",
}


def told(article: str) -> str:
    """Return the fault that an article asks for."""
    found = _TOLD.search(article)
    return found[1] if found else "ok"


def test_the_table_has_every_fault() -> None:
    """No fault of the rig is left out."""
    assert {re.sub(r"\d+", "#", fault) for fault in NATURES} == FAULTS.keys()


@pytest.mark.parametrize(
    ("mode", "faults", "between"),
    [
        # What records also does all else.
        pytest.param("record", LOUDEST, 0, id="loudest"),
        pytest.param("live", tuple(NATURES), _BETWEEN, id="all-live", marks=pytest.mark.prove),
        pytest.param("record", tuple(NATURES), _BETWEEN, id="all-record", marks=pytest.mark.prove),
    ],
)
async def test_g11_g15_a_fault_tells_nothing_but_whose_it_is(tmp_path: Path, mode: str, faults: tuple[str, ...], between: int) -> None:
    """No word of an article, of an answer, of the system prompt or of a key is anywhere; the class of each status is right, and so is `retryable`."""
    secret = Canaries()
    environment = {"VIGIE_MODEL": "reader", "VIGIE_MODE": mode, "VIGIE_API_KEYS": secret.caller_key, "OPENAI_API_KEY": secret.upstream_key, **TALKATIVE}
    async with FaultyUpstream(told, signature=secret.answer) as upstream:
        environment["OPENAI_BASE_URL"] = upstream.base_url(CHOSEN, mode)
        async with process_with_canaries(tmp_path, environment, prompt_begins=secret.prompt) as served:
            answers = await read_all(served, secret, faults, between)
            others = await ask_oddly(served, secret)
        met = {fault for fault in faults if upstream.tally(fault, mode).calls}

    assert met == set(faults)
    assert {fault: verdict for fault, answer in answers.items() if (verdict := misjudged(NATURES[fault], answer))} == {}
    assert secret.found_in(spoken(served, [*answers.items(), *others])) == []
    assert secret.found_in(recorded(answers), allowed=("answer",)) == []
    # Recordings hold the conversations, as they are meant to: what was asked, and what was answered. Of keys they know nothing.
    kept = tmp_path / "data"
    assert kept.exists() is (mode == "record")
    assert secret.found_in(canaries.files(kept), allowed=("article", "prompt", "answer") if mode == "record" else ()) == []


async def read_all(served: Served, secret: Canaries, faults: Iterable[str], between: int) -> dict[str, httpx2.Response]:
    """Return the answers about articles of which each meets one of the `faults`, after so many good ones."""
    answers = {}
    headers = {"Authorization": f"Bearer {secret.caller_key}"}
    async with httpx2.AsyncClient(base_url=served.base_url, timeout=90, trust_env=False, headers=headers) as client:
        for fault in faults:
            for number in range(between):
                await client.post("/extract", json={"text": small_article(f"{secret.article}, before {fault} {number}")})
            text = small_article(f"{secret.article} and the fault {fault}")
            answers[fault] = await client.post("/extract", json={"text": text, "options": {"deadline_s": 1 if fault in _ENDLESS else 60}})
    return answers


async def ask_oddly(served: Served, secret: Canaries) -> list[tuple[str, httpx2.Response]]:
    """Return the answers to what is no article and yet holds one, or a key, and all pages."""
    key, article = secret.caller_key, small_article(secret.article)
    async with httpx2.AsyncClient(base_url=served.base_url, timeout=90, trust_env=False, headers={"X-API-Key": key}) as client:
        bodies: tuple[dict[str, object], ...] = (
            {"content": article, "headers": {"Content-Type": "application/json"}},
            {"content": article, "headers": {"Content-Type": f"application/{key}"}},
            {"content": article.encode() + b"\xff", "headers": {"Content-Type": "text/plain"}},
            {"content": article * 2_000, "headers": {"Content-Type": "text/plain"}},
            {"json": {"text": article, "title": article * 5, "published": article, "language": article, "options": article}},
            {"json": {"text": article, "options": {"deadline_s": key}}},
            {"json": {"text": article}, "headers": {"X-API-Key": f"{key}x", "Authorization": f"Basic {key}"}},
            {"json": {"text": article}, "headers": {"Accept": key}},
            {"json": {"text": article}, "params": {"key": key}, "headers": {"Content-Encoding": key}},
            {"json": {"text": article}, "headers": {"X-Request-ID": f"{key} {secret.article}"}},
        )
        answers = [(f"odd body {number}", await client.post("/extract", **body)) for number, body in enumerate(bodies)]  # type: ignore[arg-type]
        pages = (
            "/livez",
            "/readyz",
            "/openapi.json",
            "/docs",
            f"/{key}",
            f"/problems/{key}",
            f"/docs/{key}",
            *(f"/problems/{code}" for code in kinds()),
            "/metrics",
        )
        answers += [(f"page {number}", await client.get(page)) for number, page in enumerate(pages)]
        answers.append(("odd method", await client.put(f"/extract?key={key}", content=article)))
    return answers


def misjudged(nature: Nature, answer: httpx2.Response) -> str | None:
    """Return what an answer says wrongly of a fault; what may pass may have passed by the second try."""
    status, problem = answer.status_code, answer.json()
    said = (status // 100, problem.get("retryable"))
    right: dict[Nature, set[tuple[int, bool | None]]] = {
        Nature.NONE: {(2, None)},
        Nature.CALLER: {(4, False)},
        Nature.PASSING: {(5, True), (2, None)},
        Nature.LASTING: {(5, False)},
    }
    agree = ("retry-after" in answer.headers) is (problem.get("retryable") is True)
    return None if said in right[nature] and agree else f"{status} {problem.get('code')}, retryable {problem.get('retryable')}"


def spoken(served: Served, answers: Iterable[tuple[str, httpx2.Response]]) -> Iterator[Sink]:
    """Yield all that the service has said but for its records: what it printed, and its other answers."""
    for stream in ("stdout", "stderr"):
        yield from canaries.lines(stream, served.said(stream))
    for name, answer in answers:
        yield from canaries.answer(name, answer.headers.multi_items(), b"" if _is_record(answer) else answer.content)


def recorded(answers: Mapping[str, httpx2.Response]) -> Iterator[Sink]:
    """Yield the records: no evidence touches a canary of the article, but what is rejected is told in the words of the model."""
    for name, answer in answers.items():
        if _is_record(answer):
            yield Sink(f"{name}, record", answer.content)


def _is_record(answer: httpx2.Response) -> bool:
    return answer.request.url.path == "/extract" and answer.is_success
