"""Callers' limits, counted in the database for all processes that share it.

Whoever asks here waits for one statement, and for it no longer than a moment; a database that does not answer is then left alone, while each process counts
for itself. The requests under way are leases, not locks of a session: what a process holds is told again every few seconds, so that the places of one that was
killed are free after a while, and a server that lost them, or was away, knows them again.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from secrets import token_hex

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from service.database.database import Connection, Database
from service.errors import VigieError

logger = logging.getLogger(__name__)

#: Whoever comes next waits for the row, and asks for the time then. What lies ahead is from before the clock was set back: it must not lock anybody out.
_RECENT = """
    select at from unnest(known.asked) as at
    where at > clock_timestamp() - make_interval(secs => %(window)s) and at < clock_timestamp() + make_interval(secs => %(window)s)
"""
_TAKE = f"""
    insert into rates as known (caller, asked) values (%(caller)s, array[clock_timestamp()])
    on conflict (caller) do update set asked = array({_RECENT}) || clock_timestamp()
    where (select count(*) from ({_RECENT}) as recent) < %(limit)s
    returning true
"""  # noqa: S608 - constants
_WAIT = f"""
    select extract(epoch from at + make_interval(secs => %(window)s) - clock_timestamp())::float8
    from rates as known cross join lateral ({_RECENT}) as recent where caller = %(caller)s order by at desc offset %(limit)s - 1 limit 1
"""  # noqa: S608 - constants
_NOW = "extract(epoch from clock_timestamp())"
_ALIVE = f"""
    select place, until from jsonb_each(known.held) as each (place, until) where until::float8 > {_NOW} and until::float8 <= {_NOW} + %(lease)s
"""  # noqa: S608 - constants
_HOLD = f"""
    insert into places as known (caller, held) values (%(caller)s, jsonb_build_object(%(place)s::text, {_NOW} + %(lease)s))
    on conflict (caller) do update set held = (select coalesce(jsonb_object_agg(place, until), '{{}}') from ({_ALIVE}) as alive) || excluded.held
    where (select count(*) from ({_ALIVE}) as alive) < %(limit)s
    returning true
"""  # noqa: S608 - constants
_LET_GO = "update places set held = held - %(place)s::text where caller = %(caller)s"
#: In the order of callers, so that no two processes wait for each other.
_HOLD_ON = f"""
    insert into places as known (caller, held)
    select caller, jsonb_object_agg(place, {_NOW} + %(lease)s) from unnest(%(callers)s::text[], %(places)s::text[]) as mine (caller, place)
    group by caller order by caller
    on conflict (caller) do update set held = known.held || excluded.held
"""  # noqa: S608 - constants

#: Seconds for a connection to be made; libpq waits no less than two. And those that who was refused waits, however little was missing.
_CONNECT_S, _LEAST_WAIT_S = 2, 0.001


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait for what, in seconds."""

    #: For the answer to a statement: as long as a caller may notice it.
    answer_s: float = 0.25
    #: Until all places are told again, or the database is tried again.
    round_s: float = 2
    #: For which a place is held that nobody tells again: some rounds, so that a process may be slow.
    lease_s: float = 10
    #: Until whoever found no place looks again, and again: an answer may be there sooner than the news that its place is free.
    looks_s: tuple[float, ...] = (0.05, 0.2)


class SharedLimits:
    """The counts of all processes. They have one connection in each, which is theirs alone: jobs never keep a request waiting."""

    def __init__(self, database: Database, pace: Pace = Pace()) -> None:
        """Count in `database` while `run` keeps a connection to it."""
        self._database, self._pace = database, pace
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()
        #: Whose the places are that this process holds.
        self._held: dict[str, str] = {}
        self._beside: set[asyncio.Task[object]] = set()
        #: Whether the last who tried found that the database does not answer.
        self._away = False

    @property
    def answers(self) -> bool:
        """Whether the database counts at present."""
        return self._connection is not None

    async def run(self) -> None:
        """Keep the connection, once there is a database, and the places, until that is cancelled."""
        try:
            while True:
                if self._connection is None and self._database.exists:
                    await self._connect()
                await self._hold_on()
                await asyncio.sleep(self._pace.round_s)
        finally:
            if self._beside:
                await asyncio.wait(self._beside, timeout=self._pace.round_s)
            if self._connection is not None:
                await self._connection.close()
                self._connection = None

    async def take(self, caller: str, limit: int, window_s: float) -> float | None:
        """Count a request of `caller` if there is room, and return 0; else the seconds until there is. None: the database does not answer."""
        asked = {"caller": caller, "limit": limit, "window": window_s}
        taken = await self._ask(_TAKE, asked)
        if taken is None or taken:
            return None if taken is None else 0
        wait = await self._ask(_WAIT, asked)
        # There may be room by now; it was refused all the same.
        return None if wait is None else max(wait[0][0] if wait else 0, _LEAST_WAIT_S)

    async def hold(self, caller: str, limit: int) -> str | None:
        """Return the name of a place that `caller` has from now on, also while the database does not answer; None if all are taken."""
        place = token_hex(8)
        for pause_s in (0, *self._pace.looks_s):
            await asyncio.sleep(pause_s)
            held = await self._ask(_HOLD, {"caller": caller, "limit": limit, "place": place, "lease": self._pace.lease_s})
            if held is None or held:
                self._held[place] = caller
                return place
        return None

    def let_go(self, place: str) -> None:
        """Have the place given back, soon; what cannot be told is over when its lease is."""
        self._run_beside(self._ask(_LET_GO, {"caller": self._held.pop(place), "place": place}))

    async def _hold_on(self) -> None:
        """Tell all places again."""
        if self._held:
            held = dict(self._held)
            await self._ask(_HOLD_ON, {"callers": [*held.values()], "places": [*held], "lease": self._pace.lease_s})

    async def _connect(self) -> None:
        """Connect, if that can be done."""
        try:
            await self._database.open()
            await self._database.mend()
            self._connection = await AsyncConnection.connect(self._database.conninfo, autocommit=True, connect_timeout=_CONNECT_S)
        except (VigieError, psycopg.Error, OSError) as error:
            self._tell(error)

    async def _ask(self, statement: str, values: Mapping[str, object]) -> list[TupleRow] | None:
        """Return what the database answers; None if it does not, and from then on at once, or if it has too much to answer."""
        try:
            async with asyncio.timeout(self._pace.answer_s):
                await self._turn.acquire()
        except TimeoutError:  # so many ask that their answers, each in time, come too late for those behind
            return None
        try:
            return await self._answer(statement, values)
        finally:
            self._turn.release()

    async def _answer(self, statement: str, values: Mapping[str, object]) -> list[TupleRow] | None:
        """Return the same in turn."""
        connection = self._connection
        if connection is None:
            return None
        asking = asyncio.create_task(_rows(connection, statement, values))
        # In halves: if it was this process that stood still, the answer is there, though not before the first is over.
        for _ in range(2):
            await asyncio.wait([asking], timeout=self._pace.answer_s / 2)
        fault = asking.exception() if asking.done() else TimeoutError()
        if fault is None:
            self._away = False
            return asking.result()
        self._connection = None
        self._tell(fault)
        asking.cancel()
        self._run_beside(_left(connection, asking))
        return None

    def _tell(self, fault: BaseException) -> None:
        """Tell the log, once, that the database does not answer."""
        if not self._away:
            logger.warning("limits-not-shared", extra={"error": type(fault).__name__, "code": getattr(fault, "sqlstate", None)})
        self._away = True

    def _run_beside(self, work: Coroutine[object, object, object]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


async def _rows(connection: Connection, statement: str, values: Mapping[str, object]) -> list[TupleRow]:
    cursor = await connection.execute(statement.encode(), values)
    return await cursor.fetchall() if cursor.description else []


async def _left(connection: Connection, asking: asyncio.Task[list[TupleRow]]) -> None:
    """Close the connection once nothing is asked there any more."""
    await asyncio.gather(asking, return_exceptions=True)
    await connection.close()
