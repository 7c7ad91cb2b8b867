"""The plugin in a suite of others: what its fixtures give, where its folder is, and that it costs nothing to those who do not use it."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.testing import Recordings, actor

pytest_plugins = ("pytester",)

ROOT = Path(__file__).parents[3]
#: As pytest finds it where Vigie is installed; no other plugin, whatever is installed here.
ARGUMENTS = ("-p", "vigie_pytest", "-W", "error", "-p", "no:cacheprovider")

SUITE = """
import urllib.request

from service.testing import threat

ARTICLE = "Valmer threatened on Friday to shell the army base at Teln."


def test_the_model_finds_this(vigie_client, vigie_recordings):
    vigie_recordings.finds(ARTICLE, threat("threatened on Friday to shell the army base"))
    [found] = vigie_client.post("/extract", json={"text": ARTICLE}).json()["threats"]
    assert found["kind"] == "violence"


def test_each_test_has_a_folder_of_its_own(vigie_client, vigie_recordings):
    assert vigie_client.post("/extract", json={"text": ARTICLE}).json()["code"] == "replay-miss"


def test_the_model_fails(vigie_client, vigie_recordings):
    vigie_recordings.fails(ARTICLE, "rate_limited")
    assert vigie_client.post("/extract", json={"text": ARTICLE}).status_code == 503


def test_on_a_socket(vigie_server, vigie_recordings):
    vigie_recordings.finds(ARTICLE)
    asked = urllib.request.Request(vigie_server.url + "/extract", ARTICLE.encode(), {"Content-Type": "text/plain"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=20) as answer:
        assert answer.headers["Vigie-Mode"] == "replay"
"""


@pytest.fixture
def elsewhere(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of others, whose environment names a model and a key."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name, value in {"VIGIE_MODE": "live", "OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "http://llm.test/v1"}.items():
        monkeypatch.setenv(name, value)
    return pytester


def test_a_suite_says_what_the_model_finds(elsewhere: pytest.Pytester) -> None:
    """In three lines, without a conftest: by a client, on a socket, and when the model fails; nothing is left between tests."""
    elsewhere.makepyfile(SUITE)

    elsewhere.runpytest_subprocess(*ARGUMENTS, "-m", "not none", timeout=60).assert_outcomes(passed=4)


def test_sockets_may_be_closed_but_for_this_machines_own(elsewhere: pytest.Pytester) -> None:
    """With the options of pytest-socket that docs/testing.md names, the same suite passes; the event loop alone needs a pair of sockets."""
    elsewhere.makepyfile(SUITE)

    closed = ("-p", "pytest_socket", "--disable-socket", "--allow-unix-socket", "--allow-hosts=127.0.0.1")
    elsewhere.runpytest_subprocess(*ARGUMENTS, *closed, timeout=60).assert_outcomes(passed=4)
    elsewhere.runpytest_subprocess(*ARGUMENTS, *closed[:3], "-k", "this", timeout=60).assert_outcomes(errors=1)


def test_an_asynchronous_client_asks_the_server(elsewhere: pytest.Pytester) -> None:
    """Code that takes an `AsyncClient` is given the address, as docs/testing.md says."""
    elsewhere.makepyfile("""
        import asyncio, httpx

        async def ask(url):
            async with httpx.AsyncClient(base_url=url) as client:
                return await client.post("/extract", json={"text": "Valmer spoke."})

        def test_asked(vigie_server, vigie_recordings):
            vigie_recordings.finds("Valmer spoke.")
            assert asyncio.run(ask(vigie_server.url)).status_code == 200
    """)

    elsewhere.runpytest_subprocess(*ARGUMENTS, timeout=60).assert_outcomes(passed=1)


def test_settings_and_a_folder_are_the_suites_own(elsewhere: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """`vigie_recordings` of the configuration is found from its folder, wherever pytest was started, and `vigie_settings` may be overridden."""
    Recordings(elsewhere.path / "kept" / "here").finds("Valmer spoke.", actor("Valmer"))
    elsewhere.makeini("[pytest]\nvigie_recordings = kept/here\n")
    elsewhere.mkdir("below")
    (elsewhere.path / "below" / "test_kept.py").write_text("""
import pytest


@pytest.fixture
def vigie_settings():
    return {"api_keys": "a-key-of-twenty-letters-1"}


def test_kept(vigie_client):
    body = {"text": "Valmer spoke."}
    assert vigie_client.post("/extract", json=body).status_code == 401
    answer = vigie_client.post("/extract", json=body, headers={"Authorization": "Bearer a-key-of-twenty-letters-1"})
    assert [one["name"] for one in answer.json()["actors"]] == ["Valmer"]
""")
    monkeypatch.chdir(elsewhere.path / "below")

    elsewhere.runpytest_subprocess(*ARGUMENTS, timeout=60).assert_outcomes(passed=1)


def test_a_folder_is_served_and_left_alone(elsewhere: pytest.Pytester) -> None:
    """What a test says is in a copy of its own: neither the folder nor the next test hears of it, and nothing of ours is in the test's `tmp_path`."""
    Recordings(elsewhere.path / "kept").finds("Valmer spoke.", actor("Valmer"))
    elsewhere.makeini("[pytest]\nvigie_recordings = kept\n")
    before = {path: path.read_bytes() for path in (elsewhere.path / "kept").iterdir()}
    elsewhere.makepyfile("""
        def told(client, text):
            return client.post("/extract", json={"text": text}).status_code

        def test_first(vigie_client, vigie_recordings, tmp_path):
            vigie_recordings.finds("Norvia spoke.")
            vigie_recordings.fails("Valmer spoke.", "rate_limited")
            assert [told(vigie_client, "Valmer spoke."), told(vigie_client, "Norvia spoke.")] == [503, 200]
            assert list(tmp_path.iterdir()) == []

        def test_second(vigie_client):
            assert [told(vigie_client, "Valmer spoke."), told(vigie_client, "Norvia spoke.")] == [200, 404]
    """)

    elsewhere.runpytest_subprocess(*ARGUMENTS, timeout=60).assert_outcomes(passed=2)
    assert {path: path.read_bytes() for path in (elsewhere.path / "kept").iterdir()} == before


def test_a_folder_that_holds_no_recordings_is_told(elsewhere: pytest.Pytester) -> None:
    """A mistyped folder fails each test that would be served from it, says where it was looked for, and is not made."""
    elsewhere.makeini("[pytest]\nvigie_recordings = kpet\n")
    elsewhere.makepyfile("def test_one(vigie_client): ...")

    result = elsewhere.runpytest_subprocess(*ARGUMENTS, timeout=60)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*vigie_recordings names {elsewhere.path / 'kpet'}, which has no model.json*"])
    assert not (elsewhere.path / "kpet").exists()


def test_a_folder_is_seen_from_the_configuration_file(elsewhere: pytest.Pytester) -> None:
    """Also where the root of the suite is another: the file is named with `-c`, the root with `--rootdir`."""
    Recordings(elsewhere.path / "settings" / "kept").finds("Valmer spoke.", actor("Valmer"))
    (elsewhere.path / "settings" / "pytest.ini").write_text("[pytest]\nvigie_recordings = kept\n")
    elsewhere.makepyfile("""
        def test_kept(vigie_client):
            assert vigie_client.post("/extract", json={"text": "Valmer spoke."}).status_code == 200
    """)

    elsewhere.runpytest_subprocess(*ARGUMENTS, "-c", "settings/pytest.ini", "--rootdir", ".", timeout=60).assert_outcomes(passed=1)


def test_who_does_not_use_it_pays_nothing() -> None:
    """The plugin is loaded in every run where Vigie is installed, and brings none of what the service is made of."""
    program = "import sys, vigie_pytest; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    heavy = {"litestar", "openai", "pydantic", "instructor", "httpx", "httpx2", "uvicorn", "respx"}

    assert "pytest" in loaded
    assert heavy & {name.partition(".")[0] for name in loaded} == set()
    assert [name for name in loaded if name.partition(".")[0] in {"service", "schemas", "prompts"}] == []


def test_a_project_may_have_packages_called_as_ours(elsewhere: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Vigie is installed, the suite of a project with a `service` of its own passes, and is of that one."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTHONPATH")
    for name in ("service", "schemas", "prompts"):
        elsewhere.mkpydir(name).joinpath("own.py").write_text(f"NAME = 'own {name}'\n")
    elsewhere.makepyfile("""
        import prompts.own, schemas.own, service.own

        def test_own(request):
            assert [one.own.NAME for one in (service, schemas, prompts)] == ["own service", "own schemas", "own prompts"]
            assert request.config.pluginmanager.has_plugin("vigie")
    """)

    # These plugins are ours: the one takes a second at each start, the other warns where it is not configured.
    elsewhere.runpytest_subprocess("-pno:schemathesis", "-pno:asyncio", timeout=60).assert_outcomes(passed=1)
