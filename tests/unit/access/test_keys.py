"""Who is let in."""

import pytest
from pydantic import SecretStr, ValidationError

from service.settings import Settings
from tests.unit.service_parts import CANARY, FakeExtractor, client

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
async def test_nobody_else_is_let_in(headers: dict[str, str]) -> None:
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
