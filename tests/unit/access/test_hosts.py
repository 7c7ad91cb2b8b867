"""Under which names the service is reached."""

import pytest

from service.app import create_app
from service.cli.serving import ready_app
from service.settings import Settings
from tests.unit.service_parts import FakeExtractor, client

SETTINGS = Settings(allowed_hosts=("good.example", "192.0.2.7", "[2001:db8::7]"), public_url="https://good.example")
BODY = {"text": "Le ministre a parlé."}


@pytest.mark.parametrize("host", ["good.example", "good.example:8000", "GOOD.example.", "Good.Example.:80", "192.0.2.7:8000", "[2001:DB8::7]:80"])
async def test_a21_a_name_of_the_service_is_served(host: str) -> None:
    """Port, case and the dot of the root make no other name of it."""
    async with client(settings=SETTINGS) as caller:
        answer = await caller.post("/extract", json=BODY, headers={"Host": host})

    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "good.example.evil.example", "evilgood.example", "good.example@evil", "good.example:evil", "", "é", "[::1]"])
@pytest.mark.parametrize("path", ["/extract", "/docs", "/openapi.json", "/problems/not-found"])
async def test_a21_another_name_is_not(host: str, path: str) -> None:
    """A request for another host is refused, whatever it says of who forwarded it, and its host stands nowhere in the answer."""
    extractor = FakeExtractor()
    headers = {b"Host": host.encode(), b"X-Forwarded-Host": b"good.example", b"Forwarded": b"host=good.example"}
    async with client(extractor, settings=SETTINGS) as caller:
        answer = await caller.request("POST" if path == "/extract" else "GET", path, json=BODY if path == "/extract" else None, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-parameter")
    assert answer.json()["type"] == "https://good.example/problems/invalid-parameter"
    assert "evil" not in answer.text + str(answer.headers)
    assert extractor.articles == []


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_probes_may_come_by_any_address(path: str) -> None:
    """Whoever watches the service asks for the address of a container, not for a name."""
    async with client(settings=SETTINGS) as caller:
        answer = await caller.get(path, headers={"Host": "10.0.0.5:8000"})

    assert answer.status_code == 200


async def test_any_name_will_do_where_none_is_set() -> None:
    """Without a list every host is served."""
    async with client() as caller:
        answer = await caller.post("/extract", json=BODY, headers={"Host": "evil.example"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("given", "host", "names"),
    [
        ({}, "127.0.0.1", {"localhost", "127.0.0.1", "[::1]"}),
        ({}, "127.9.9.9", {"localhost", "127.0.0.1", "[::1]", "127.9.9.9"}),
        ({"allowed_hosts": "vigie.example"}, "127.0.0.1", {"vigie.example"}),
        ({"api_keys": "k" * 20}, "127.0.0.1", set()),
        ({"allow_anonymous": True}, "192.0.2.1", set()),
    ],
)
def test_a21_no_page_of_another_site_reaches_a_service_without_keys(given: dict[str, object], host: str, names: set[str]) -> None:
    """On loopback without keys only loopback's own names are served: a page that a browser shows cannot take them for its own."""
    app = ready_app(Settings.model_validate({"mode": "live", **given}), host)

    assert set(app.state.settings.allowed_hosts) == names
    assert create_app(Settings(mode="live")).state.settings.allowed_hosts == ()
