"""Where the parts meet, and the only place where they do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ExceptionHandlersMap

from service import logs
from service.access.door import Door
from service.access.hosts import AllowedHosts
from service.access.key import Scope
from service.access.key_file import KeyFile
from service.access.keys import KeyRing
from service.access.limits import Limits
from service.caching.bounded_store import BoundedStore
from service.caching.keeping import Keeping
from service.caching.naming import reader_of
from service.caching.records import Records
from service.caching.repeats import Repeats
from service.database.database import Database
from service.database.limits import SharedLimits
from service.disconnect import ClientGone, answer_nobody
from service.envelope import Envelope
from service.errors import VigieError
from service.extraction.pipeline import Extractor, shared_prefix
from service.jobs.reading import Reader
from service.jobs.worker import Desk, Worker
from service.loop_lag import watch_lag
from service.metrics import Metrics
from service.models.base import Model
from service.models.choosing import model_of
from service.problems import answering
from service.reception import Extracts, Reception
from service.resilience.admission import Admission
from service.resilience.bench import Bench
from service.resilience.ending import Ending
from service.resilience.retrying import RetryingModel
from service.resilience.room import Room
from service.routes.description import description
from service.routes.documentation import documentation, documentation_asset
from service.routes.extract import extract
from service.routes.health import livez, readyz
from service.routes.jobs import cancel, clear, job, of_a_job, records, submit
from service.routes.metrics import metrics
from service.routes.problems import problem_page
from service.routes.reading import Entrance, form_again, load_pages, page, page_asset, read
from service.routes.report import PATIENCE_S, REPORTS_AT_ONCE, report
from service.settings import Settings

#: So many of the longest bodies are held at once, or more that are shorter.
BODIES_AT_ONCE = 32
_MIB = 1 << 20


def create_app(settings: Settings, *, model: Model | None = None, queue: Database | None = None) -> Litestar:
    """Return the service that `settings` describe.

    Args:
        settings: How it behaves.
        model: Reads the articles in place of the one that the settings choose.
        queue: Keeps the jobs in place of the database that the settings choose.
    """
    logs.configure(settings.log_level)
    measures = Metrics()
    model = model or model_of(settings, prefix=shared_prefix, watch=measures)
    extractor = Extractor(model, settings, measures.used)
    app = app_around(settings, model, extractor, measures, queue)
    # Comes after the end of all that reads.
    app.on_shutdown.append(extractor.close)
    return app


def app_around(settings: Settings, model: Model, extractor: Extracts, measures: Metrics | None = None, database: Database | None = None) -> Litestar:
    """Return the service in which `extractor` reads, and `model` says whether it can.

    Its state has the `settings`, the `ending`, which whoever runs it begins, and the `measures`, to which they may add.
    """
    measures, ending, database = measures or Metrics(), Ending(), database or Database(settings)
    room = Room(BODIES_AT_ONCE * settings.max_body_bytes)
    admission = Admission(model.profile.concurrency or settings.concurrency)
    measures.watch("articles_reading", "Articles that are being read.", lambda: admission.taken - admission.lent)
    measures.watch("articles_waiting", "Articles that wait for their turn.", lambda: admission.waiting)
    measures.watch("body_bytes", "Bytes of bodies that are held, from their first byte to the answer.", lambda: room.held_bytes)
    # Each has its part, so that neither drives out the other.
    kept, repeated = BoundedStore(settings.cache_mb * _MIB * 3 // 4), BoundedStore(settings.cache_mb * _MIB // 4)
    keeping = Keeping(
        reader_of(model, settings),
        Records(kept, settings.cache_ttl_s) if settings.keeps_records else None,
        Repeats(repeated) if settings.keeps_repeats else None,
    )
    measures.watch("cache_bytes", "Bytes of records that are kept for those who ask again.", lambda: kept.held_bytes + repeated.held_bytes)
    measures.watch("article_typical_seconds", "Seconds that an article takes, as the last ones went.", lambda: admission.typical_s)
    if isinstance(model, RetryingModel):
        measures.watch("breaker_state", "Of the endpoint: 0 asked, 1 tried again, 2 left alone.", model.breaker.state_value)

    shared = SharedLimits(database)
    limits = Limits(shared)
    measures.watch("limits_shared", "Limits of callers: 1 counted over all processes, 0 in this one alone.", lambda: shared.answers)
    desk = Desk.of(database)
    worker = Worker(desk, Reader(extractor, model, admission, settings), ending, settings, measures) if settings.worker else None

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        work = (watch_lag(measures.lagged), _open(database), shared.run(), asyncio.to_thread(load_pages))
        beside = [asyncio.create_task(one) for one in work]
        working = asyncio.create_task(worker.run()) if worker else None
        try:
            await model.start()
            yield
        finally:
            ending.hurry()  # requests have ended by now, and jobs had as much time
            if working:
                await working
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await database.close()
            await model.close()

    hosts = AllowedHosts(settings.allowed_hosts)
    ring = KeyRing(settings.api_keys, KeyFile(settings.data_dir))
    door = Door(ring, limits, rate_per_minute=settings.rate_per_minute, concurrency=settings.caller_concurrency)
    reception, bench = Reception(extractor, admission, ending, keeping), Bench(REPORTS_AT_ONCE, patience_s=PATIENCE_S)
    parts = {
        "settings": settings,
        "model": model,
        "reception": reception,
        "room": room,
        "bench": bench,
        "limits": limits,
        "ending": ending,
        "measures": measures,
        "store": desk.store,
        "entrance": Entrance(door, limits, room, bench, reception, settings),
    }
    exception_handlers: ExceptionHandlersMap = {ClientGone: answer_nobody, Exception: answering(settings.public_url)}
    app = Litestar(
        route_handlers=[
            Router("/", guards=[hosts, door.asking(Scope.EXTRACT)], route_handlers=[extract, report]),
            Router("/", guards=[hosts, door.asking(Scope.JOBS)], route_handlers=[submit]),
            Router("/", guards=[hosts, door.asking(Scope.JOBS), of_a_job(database)], route_handlers=[job, cancel, records, clear]),
            # Who sends the form is let in by its handler: the key may be in the form.
            Router("/", guards=[hosts], route_handlers=[page, page_asset, read, form_again]),
            Router("/", guards=[hosts], route_handlers=[description, documentation, documentation_asset, problem_page]),
            # Probes ask for an address of their own choosing.
            livez,
            readyz,
            metrics,
        ],
        dependencies={name: _given(part) for name, part in parts.items()},
        exception_handlers=exception_handlers,
        lifespan=[lifespan],
        logging_config=None,
        # Made by service.openapi, of Pydantic's schemas.
        openapi_config=None,
        stores={"records": kept, "repeats": repeated},
        state=State({"settings": settings, "ending": ending, "measures": measures}),
    )
    app.asgi_handler = Envelope(app.asgi_handler, mode=settings.mode, measures=measures, ending=ending)
    return app


async def _open(database: Database) -> None:
    """Open the database where there is one. Articles are read without it, and whoever asks for a job tries again."""
    if database.exists:
        with suppress(VigieError):
            await database.open()


def _given(part: Any) -> Provide:  # noqa: ANN401 - whatever is given is handed on
    """Return what hands `part` to the handlers that ask for it."""
    return Provide(lambda: part, sync_to_thread=False)
