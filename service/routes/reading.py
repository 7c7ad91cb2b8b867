"""`GET /`: the page on which an article is read; and `POST /read`: its form, where no script runs."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from litestar import HttpMethod, MediaType, Request, Response, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.status_codes import HTTP_303_SEE_OTHER
from structlog.contextvars import bind_contextvars

from service.access.door import Caller, Door, check_address, check_origin, check_site
from service.access.key import Scope
from service.access.limits import Limits
from service.disconnect import ClientGone, unless_gone
from service.errors import InvalidParameter, NotFound, Overloaded, VigieError
from service.examples import LANGUAGES
from service.examples import request as example
from service.forms import FRAME_BYTES, Form, article_in, boundary_of, form_of
from service.problems import told
from service.reception import Reception
from service.reports import document, templating
from service.reports.report import Report
from service.resilience.bench import Bench
from service.resilience.room import Room
from service.routes.asking import asked
from service.routes.receiving import check_announced, read_body
from service.routes.report import answer_with_page
from service.settings import Settings
from service.web import answering
from service.web.answering import FORM_HEADERS, answer_with, answer_with_made
from service.web.reading import page_of

T = TypeVar("T")

#: What the page is made of, and where it lies; and `report.css`, which reports bring.
ASSETS = {name: name for name in ("favicon.svg", "reading.css", "reading.js", "exporting.js", "linking.js", "provisional.js", "streaming.js", "telling.js")}
REPORT_STYLE = "report.css"
#: Of a page that holds what was sent: nobody keeps it.
_UNKEPT = {"Cache-Control": "no-store"}


@route("/", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def page(request: Request[Any, Any, Any], entrance: NamedDependency[SkipValidation["Entrance"]]) -> Response[bytes]:
    """Return the page, filled with a sample if one is asked for. Links to it may carry what others make of addresses."""
    check_address(request)
    samples: list[str] = request.query_params.getall("sample", [])
    if len(samples) > 1 or not {*samples} <= {*LANGUAGES}:
        raise InvalidParameter(f"The parameter `sample` is one of {', '.join(LANGUAGES)}.")
    form = _sample(samples[0]) if samples else Form()
    return answer_with_made(page_of(form, asks=entrance.door.asks), MediaType.HTML, request, FORM_HEADERS)


@route("/reading/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def page_asset(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the part of the page that is called `name`."""
    if name == REPORT_STYLE:
        return answer_with_made(document.style().encode(), MediaType.CSS, request)
    if name not in ASSETS:
        raise NotFound
    return answer_with(ASSETS[name], request)


@route("/read", http_method=[HttpMethod.GET, HttpMethod.HEAD], status_code=HTTP_303_SEE_OTHER)
async def form_again(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Send whoever comes by the address of a report, which is that of its form, to the page. The way is relative, as behind a path prefix it must be."""
    location = "../" if request.scope["raw_path"].endswith(b"/") else "./"
    return Response(b"", status_code=HTTP_303_SEE_OTHER, headers={"Location": location})


@post("/read", status_code=200)
async def read(request: Request[Any, Any, Any], entrance: NamedDependency[SkipValidation["Entrance"]]) -> Response[bytes]:
    """Return the report of the article in the form, or the page again, with the form as it was sent and what is wrong."""
    request.state.form = None
    with ExitStack() as held:
        try:
            return answer_with_page(await entrance.report(request, held))
        except ClientGone:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, a person waits for a page
            fault, headers = told(error)
            # Within what is held: pages for those who are refused take their turn too.
            content = await entrance.refusal(request.state.form, fault, headers)
            return Response(content, status_code=fault.status, media_type=MediaType.HTML, headers={**FORM_HEADERS, **_UNKEPT, **headers})


def load_pages() -> None:
    """Have all templates ready. While one is compiled nothing else runs, so that it is done before anybody waits."""
    templating.load()
    answering.load()


@dataclass(frozen=True, slots=True)
class Entrance:
    """The way of an article that comes in a form: the key may be in the form too, so that the body is read before it is known whose it is."""

    door: Door
    limits: Limits
    room: Room
    bench: Bench
    reception: Reception
    settings: Settings

    async def report(self, request: Request[Any, Any, Any], held: ExitStack) -> bytes:
        """Return the report of the article in the form of `request`, whose state has the form as soon as it is known.

        Raises:
            VigieError: There is none, for whatever reason.
            ClientGone: The caller left.
        """
        check_site(request)
        check_origin(request, self.settings.public_url)
        caller, form = await self._admitted(request, held)
        article = await self._done(request, partial(article_in, form))
        began = time.perf_counter()
        received = await unless_gone(asked(article, caller, self.reception, self.settings)(), request.receive)
        bind_contextvars(**received.facts)
        report = Report(article.text, received.answer.record, time.perf_counter() - began)
        return await self._done(request, lambda: document.document(report).encode())

    async def refusal(self, form: Form | None, fault: VigieError, headers: Mapping[str, str]) -> bytes:
        """Return the page that tells of `fault`, with the `form` as it was sent; without it where others take the time to fill it in."""
        if form is not None:
            with suppress(Overloaded):
                return await self.bench.do(partial(page_of, form, fault, headers, asks=self.door.asks))
        return page_of(None, fault, headers, asks=self.door.asks)

    async def _admitted(self, request: Request[Any, Any, Any], held: ExitStack) -> tuple[Caller, Form]:
        """Return who asks, and the form. Until it is known who asks the request counts among those of strangers, also while it is refused."""
        boundary = boundary_of(*request.content_type)
        most_bytes = self.settings.max_body_bytes + FRAME_BYTES
        check_announced(request, most_bytes)
        caller = await self._let_in(request, held) if self.door.can_tell(request) else None
        porch = held.enter_context(ExitStack())
        if caller is None:
            porch.enter_context(self.door.waiting(request))
        place = held.enter_context(self.room.place())
        with nullcontext() if caller else self.door.blaming(request):
            body = await read_body(request.receive, place, most_bytes)
            request.state.form = form = await self._done(request, partial(form_of, body, boundary))
        caller = caller or await self._let_in(request, held, form.key.strip())
        porch.close()
        return caller, form

    async def _done(self, request: Request[Any, Any, Any], work: Callable[[], T]) -> T:
        """Return what `work` returns, once there is a place at the bench, unless the caller leaves."""
        return await unless_gone(self.bench.do(work), request.receive)

    async def _let_in(self, request: Request[Any, Any, Any], held: ExitStack, shown: str | None = None) -> Caller:
        """Return who asks, whose request counts until it is answered."""
        caller = await self.door.admit(request, Scope.EXTRACT, shown)
        held.enter_context(await self.limits.place(caller.id, caller.concurrency))
        return caller


def _sample(language: str) -> Form:
    """Return the form filled with the example in `language`."""
    article = example(language)
    return Form(**{name: article[name] for name in ("text", "title", "published", "language", "source") if name in article})
