"""Who is let in."""

import asyncio
import json
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.connection import ASGIConnection
from litestar.testing import AsyncTestClient
from pydantic import SecretStr, ValidationError

from service import logs
from service.access.door import Door
from service.access.key import Key, Scope, digest_of, new_key
from service.access.key_file import KeyFile
from service.access.keys import LOOK_EVERY_S, KeyRing
from service.access.limits import Limits
from service.app import app_around
from service.errors import Overloaded, RateLimited
from service.settings import Settings
from tests.faults.service_at import served
from tests.unit.service_parts import CANARY, FakeExtractor, FakeModel, client

KEYS = ("first-key-of-this-installation", "second-key-of-this-installation")
SETTINGS = Settings(api_keys=tuple(SecretStr(key) for key in KEYS))
BODY = {"text": "Le ministre a parlé."}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("headers", [{"Authorization": "Bearer {}"}, {"authorization": "bearer  {}"}, {"X-API-Key": "{}"}])
async def test_a_known_key_opens_the_door(headers: dict[str, str], key: str) -> None:
    """Each key of the list is taken, as a bearer token or in a header of its own."""
    async with client(settings=SETTINGS) as caller:
        answer = await caller.post("/extract", json=BODY, headers={name: value.format(key) for name, value in headers.items()})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {KEYS[0]}x"},
        {"Authorization": f"Basic {KEYS[0]}"},
        {"Authorization": KEYS[0]},
        {"Authorization": b"Bearer \xe9\xff"},
        {"Authorization": "Bearer " + "k" * 10_000},
        {"X-API-Key": "' OR 1=1 --"},
        {"X-API-Key": f"{KEYS[0]},{KEYS[1]}"},
        {"X-API-Key": ""},
    ],
)
async def test_j01_j02_nobody_else_is_let_in(headers: dict[str, str]) -> None:
    """Every other caller gets one and the same answer, and nothing is read for them."""
    extractor = FakeExtractor()
    async with client(extractor, settings=SETTINGS) as caller:
        answer = await caller.post("/extract", json=BODY, headers={**headers, "X-Request-ID": "r"})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "retry-after" not in answer.headers
    assert answer.json() == {
        "type": "/problems/unauthorised",
        "title": "A key is needed.",
        "status": 401,
        "detail": "A key is needed.",
        "instance": "urn:vigie:request:r",
        "code": "unauthorised",
        "retryable": False,
    }
    assert extractor.articles == []


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/openapi.json"])
async def test_probes_and_descriptions_need_no_key(path: str) -> None:
    """Who watches the service or wants to know how to call it needs no key."""
    async with client(settings=SETTINGS) as caller:
        assert (await caller.get(path)).status_code == 200


def test_keys_come_from_one_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """`VIGIE_API_KEYS` holds them with commas between, and never shows them."""
    monkeypatch.setenv("VIGIE_API_KEYS", f" {KEYS[0]},{KEYS[1]} ,")
    settings = Settings()

    assert [key.get_secret_value() for key in settings.api_keys] == [*KEYS]
    assert not any(key in repr(settings) for key in KEYS)


@pytest.mark.parametrize("keys", ["changeme", "a" * 201, f"a key with spaces {CANARY}", f"{KEYS[0]},short", "ключ" * 8])
def test_weak_keys_are_refused(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    """A key that could be guessed, or that no header can carry, stops the start; it is not repeated."""
    monkeypatch.setenv("VIGIE_API_KEYS", keys)
    with pytest.raises(ValidationError, match="each key must have 20 to 200") as refused:
        Settings()

    assert keys not in str(refused.value)


def filed(folder: Path, scope: Scope = Scope.EXTRACT, *, rate: int | None = None, concurrency: int | None = None) -> str:
    """Return the words of a new key in a data folder."""
    identity, words = new_key()
    key = Key(
        id=identity,
        name="somebody",
        sha256=digest_of(words),
        scopes=frozenset({scope}),
        created=datetime.now(UTC),
        rate_per_minute=rate,
        concurrency=concurrency,
    )
    KeyFile(folder).add(key)
    return words


async def asked(caller: AsyncTestClient, key: str, path: str = "/extract") -> tuple[int, str | None]:  # type: ignore[type-arg]
    """Return the status and the code of the answer to who shows `key`."""
    answer = await caller.post(path, json=BODY, headers={"Authorization": f"Bearer {key}"})
    return answer.status_code, answer.json().get("code")


@pytest.mark.parametrize(("scope", "answer"), [(Scope.EXTRACT, (200, None)), (Scope.ADMIN, (200, None)), (Scope.JOBS, (403, "insufficient-scope"))])
async def test_j07_a_key_opens_its_own_doors(tmp_path: Path, scope: Scope, answer: tuple[int, str | None]) -> None:
    """A key for something else is known, and does not open this door; an administrator's opens all."""
    key = filed(tmp_path, scope)
    async with client(settings=Settings(data_dir=tmp_path)) as caller:
        assert await asked(caller, key) == answer


@pytest.mark.parametrize(("site", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 200), ("none", 200), (None, 200)])
async def test_j16_a_page_of_another_site_is_not_served(site: str | None, status: int) -> None:
    """A browser says that a page of another site asks, which may send plain text without asking first."""
    async with client() as caller:
        headers = {"Content-Type": "text/plain"} | ({"Sec-Fetch-Site": site, "Origin": "https://other.example"} if site else {})
        answer = await caller.post("/extract", content=b"Valmer will strike.", headers=headers)

    assert answer.status_code == status


async def test_j03_who_shows_no_key_is_told_so_during_an_outage(tmp_path: Path) -> None:
    """Nothing has to be looked up to say that a key is needed."""
    filed(tmp_path)
    async with client(settings=Settings(data_dir=tmp_path)) as caller:
        await asyncio.sleep(LOOK_EVERY_S)
        (tmp_path / "keys.json").unlink()
        answer = await caller.post("/extract", json=BODY)

    assert answer.status_code == 401


async def test_j03_keys_that_cannot_be_read_are_an_outage(tmp_path: Path) -> None:
    """Whoever shows a key while the file of keys is away is told to come back, and not that the key is wrong."""
    filed(tmp_path)
    async with client(settings=Settings(data_dir=tmp_path)) as caller:
        await asyncio.sleep(LOOK_EVERY_S)
        (tmp_path / "keys.json").unlink()
        answer = await caller.post("/extract", json=BODY, headers={"Authorization": "Bearer vg_0000_unknown"})

    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (503, "auth-store-unavailable", True)
    assert "www-authenticate" not in answer.headers
    assert int(answer.headers["retry-after"]) >= 1


async def test_f08_a_caller_has_a_rate_of_its_own(tmp_path: Path) -> None:
    """One who asks too often is told when to come back, and takes nothing from another."""
    greedy, modest = filed(tmp_path, rate=3), filed(tmp_path, rate=3)
    async with client(settings=Settings(data_dir=tmp_path, rate_per_minute=1)) as caller:
        statuses = [(await asked(caller, greedy))[0] for _ in range(10)]
        refused = await caller.post("/extract", json=BODY, headers={"Authorization": f"Bearer {greedy}"})
        assert await asked(caller, modest) == (200, None)

    assert statuses == [200] * 3 + [429] * 7
    assert (refused.json()["code"], refused.json()["limit"]) == ("rate-limited", 3)
    assert 40 <= int(refused.headers["retry-after"]) <= 60


async def test_who_has_no_rate_has_that_of_the_installation() -> None:
    """The limits of the settings are those of every key that has none, and of everyone where there are no keys."""
    async with client(settings=Settings(rate_per_minute=2)) as caller:
        assert [(await caller.post("/extract", json=BODY)).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.integration
async def test_so_many_requests_of_a_key_at_once(tmp_path: Path) -> None:
    """One more than a key may have at the same time is refused, and served once there is room again."""
    extractor, settings = FakeExtractor(waits=True), Settings(data_dir=tmp_path)
    key = filed(tmp_path, concurrency=1)
    async with served(app_around(settings, FakeModel(), extractor), settings) as service:
        caller = service.client
        caller.headers["Authorization"] = f"Bearer {key}"
        first = asyncio.create_task(caller.post("/extract", json=BODY))
        await asyncio.wait_for(extractor.begun.wait(), 5)
        refused = await caller.post("/extract", json={"text": "Another article."})
        first.cancel()
        await asyncio.wait_for(extractor.cancelled.wait(), 5)
        again = await caller.post("/extract", json={"text": "Another article.", "options": {"deadline_s": 0.1}})

    assert (refused.status_code, refused.json()["code"]) == (429, "rate-limited")
    assert (again.status_code, again.json()["code"]) == (504, "deadline-exceeded")


async def test_j13_guessing_is_slowed_and_locks_nobody_out(tmp_path: Path) -> None:
    """Ten thousand wrong keys from one place get few looks; who has the right one comes in from there all the same."""
    key = filed(tmp_path)
    async with client(settings=Settings(data_dir=tmp_path)) as caller:
        statuses = Counter([(await asked(caller, f"vg_0000_{number}"))[0] for number in range(300)])
        assert await asked(caller, key) == (200, None)
        assert (await caller.post("/extract", json=BODY)).status_code == 401

    assert statuses == {401: 20, 429: 280}


@pytest.mark.parametrize("query", ["key=", "api_key=", "API-KEY=", "x-api-key=", "access_token=", "token=", "a=b&apikey=", "%6bey=", "a=vg_12_"])
async def test_j14_a_key_in_the_address_is_refused(capsys: pytest.CaptureFixture[str], query: str) -> None:
    """Addresses are kept in logs and histories: whoever puts a key there is told so, and it is not logged here."""
    async with client(settings=SETTINGS) as caller:
        answer = await caller.post(f"/extract?{query}{KEYS[0]}", json=BODY, headers={"Authorization": f"Bearer {KEYS[0]}"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-parameter")
    assert KEYS[0] not in answer.text + "".join(capsys.readouterr())


async def test_the_log_tells_whose_key_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An operator sees the id of the key that asked, and never the key."""
    key = filed(tmp_path)
    logs.configure("info")
    async with client(settings=Settings(data_dir=tmp_path)) as caller:
        await asked(caller, key)
    err = capsys.readouterr().err

    assert json.loads(err.splitlines()[-1])["key"] == key.split("_")[1]
    assert key not in err


@given(shown=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])))
def test_j02_whatever_is_shown_is_a_key_or_is_not(shown: str) -> None:
    """No words that a header can carry break the check."""
    ring = KeyRing((SecretStr(KEYS[0]),), KeyFile(Path("/nowhere")))

    assert (ring.find(shown) is not None) == (shown == KEYS[0])


async def test_few_bodies_of_one_place_are_read_for_a_key() -> None:
    """While nobody knows whose a body is, only so many of one place are read at the same time; other places have their own."""
    door = Door(KeyRing(SETTINGS.api_keys, KeyFile(SETTINGS.data_dir)), Limits())
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(door.waiting(connection_from("192.0.2.7")))
        with pytest.raises(RateLimited), door.waiting(connection_from("192.0.2.7")):
            pass
        held.enter_context(door.waiting(connection_from("192.0.2.8")))

    with door.waiting(connection_from("192.0.2.7")):
        pass


async def test_few_bodies_are_read_for_a_key() -> None:
    """However many places they come from; who is told so waits for none of the others' places."""
    door = Door(KeyRing(SETTINGS.api_keys, KeyFile(SETTINGS.data_dir)), Limits())
    with ExitStack() as held:
        for number in range(8):
            held.enter_context(door.waiting(connection_from(f"192.0.2.{number}")))
        for _ in range(5):
            with pytest.raises(Overloaded), door.waiting(connection_from("192.0.2.9")):
                pass

    with door.waiting(connection_from("192.0.2.9")):
        pass


def connection_from(host: str) -> Any:  # noqa: ANN401 - as much of a connection as is looked at
    """Return a connection from an address."""
    return ASGIConnection({"type": "http", "client": (host, 1), "headers": []})  # type: ignore[arg-type]
