"""`vigie serve`: what it refuses before it listens, and `--check`, which says so beforehand."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar

from service import cli
from service.cli.checking import check
from service.cli.serving import ready_app
from service.models.weights import PINNED, weights_path
from service.settings import Settings

Captured = pytest.CaptureFixture[str]
KEYS = ("a-key-of-twenty-letters-1", "a-key-of-twenty-letters-2")
SECRET = "hunter2-7f3a"  # noqa: S105 - to see that it is not shown


@pytest.fixture
def taken() -> Iterator[str]:
    """Return a port that cannot be listened on, so that a service which is not refused ends all the same."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield str(listener.getsockname()[1])


@pytest.fixture
def free() -> str:
    """Return a port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


@pytest.fixture(params=[["serve"], ["serve", "--check"]], ids=" ".join)
def command(request: pytest.FixtureRequest, taken: str) -> list[str]:
    """Return a command that ends, whatever is wrong with it."""
    return [*request.param, "--port", taken]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"VIGIE_DEADLIN_S": "5"}, "VIGIE_DEADLIN_S: there is no such setting; did you mean VIGIE_DEADLINE_S?"),
        ({"VIGIE_DEBUG": "1"}, "VIGIE_DEBUG: there is no such setting"),
        ({"VIGIE_API_KEYS": SECRET}, "VIGIE_API_KEYS: each key must have 20 to 200 characters"),
        ({"VIGIE_DEADLINE_S": "700"}, "VIGIE_DEADLINE_S is above VIGIE_MAX_DEADLINE_S."),
        ({"VIGIE_PUBLIC_URL": f"vigie.example/{SECRET}"}, "VIGIE_PUBLIC_URL: must be an http or https address."),
        ({"VIGIE_PUBLIC_URL": f"https://a:{SECRET}@vigie.example"}, "VIGIE_PUBLIC_URL: must be an address without user name"),
        ({"VIGIE_WEIGHTS_URL": f"ftp://{SECRET}/a.gguf"}, "VIGIE_WEIGHTS_URL: must be an http or https address."),
        ({"VIGIE_EMBEDDED_MODEL": "/none.gguf"}, "VIGIE_EMBEDDED_MODEL names no file."),
        ({"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": "/none"}, "/none holds no recordings"),
        ({"VIGIE_MODEL": "hosted"}, "OPENAI_API_KEY is needed"),
        pytest.param(
            {"VIGIE_MODEL": "hosted", "OPENAI_BASE_URL": f"http://a:{SECRET}@b/v1"},
            "OPENAI_BASE_URL must be an http or https address without a user name.",
            id="d28-user",
        ),
        pytest.param(
            {"VIGIE_MODEL": "hosted", "OPENAI_BASE_URL": f"file:///{SECRET}"},
            "OPENAI_BASE_URL must be an http or https address without a user name.",
            id="d28-file",
        ),
        pytest.param(
            {"VIGIE_MODEL": "hosted", "OPENAI_BASE_URL": f"http://169.254.169.254/?{SECRET}"},
            "OPENAI_BASE_URL must not be a link-local address.",
            id="d28-link-local",
        ),
        ({"VIGIE_MODEL": "hosted", "OPENAI_BASE_URL": SECRET}, "OPENAI_BASE_URL must be an http or https address"),
    ],
)
def test_k11_a_bad_configuration_does_not_start(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, command: list[str], environment: dict[str, str], said: str
) -> None:
    """What cannot work is refused in one line before anybody is listened to, and no value is shown."""
    for name, value in ({"VIGIE_MODE": "live"} | environment).items():
        monkeypatch.setenv(name, value)

    assert cli.main(command) == 2
    out, err = capsys.readouterr()
    assert (err.count("\n"), said in err, SECRET in out + err) == (1, True, False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "vigie.example", "", "\x1b[2J"])  # noqa: S104 - to see that it is refused
def test_k11_strangers_are_not_served_without_keys(capsys: Captured, monkeypatch: pytest.MonkeyPatch, command: list[str], host: str) -> None:
    """Only this machine is served, unless the installation says otherwise; each way to say so is told."""
    monkeypatch.setenv("VIGIE_MODE", "live")

    assert cli.main([*command, "--host", host]) == 2
    err = capsys.readouterr().err
    assert all(way in err for way in ("VIGIE_API_KEYS", "VIGIE_ALLOW_ANONYMOUS=1", "VIGIE_MODE=replay"))
    assert err.removesuffix("\n").isprintable()


@pytest.mark.parametrize("given", [{"mode": "live", "api_keys": ",".join(KEYS)}, {"mode": "live", "allow_anonymous": True}, {"mode": "replay"}])
def test_strangers_are_served_where_the_operator_wants_it(given: dict[str, object]) -> None:
    """Keys, an express wish, or recordings that cost nothing open the door."""
    assert isinstance(ready_app(Settings.model_validate(given), "0.0.0.0"), Litestar)  # noqa: S104 - as above


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_is_served(host: str) -> None:
    """Who is on the machine needs no key."""
    assert isinstance(ready_app(Settings(mode="live"), host), Litestar)


def test_a_port_that_is_taken_is_one_line(capsys: Captured, command: list[str]) -> None:
    """A port that another process has is the user's to know."""
    assert cli.main(command) == 2
    err = capsys.readouterr().err
    assert (err.count("\n"), "Cannot listen on 127.0.0.1" in err) == (1, True)


def test_a_host_that_cannot_be(capsys: Captured) -> None:
    """What is no address ends like a port that is taken."""
    assert cli.main(["serve", "--host", "a" * 64 + ".example", "--port", "0"]) == 2
    assert "Cannot listen on" in capsys.readouterr().err


def told(out: str, name: str) -> list[str]:
    """Return the columns of the line that begins with `name`."""
    return next(re.split(r" {2,}", line)[1:] for line in out.splitlines() if line.split(" ")[0] == name)


def test_check_tells_what_is_set_and_what_is_not(capsys: Captured, monkeypatch: pytest.MonkeyPatch, free: str) -> None:
    """Each setting has a line with its value and whether it was chosen; nothing that is secret is shown."""
    monkeypatch.setenv("VIGIE_MODE", "live")
    monkeypatch.setenv("VIGIE_MODEL", "org/hosted")
    monkeypatch.setenv("VIGIE_API_KEYS", ",".join(KEYS))
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("VIGIE_WEIGHTS_URL", f"https://a:{SECRET}@mirror.example/a.gguf?token={SECRET}#{SECRET}")

    assert cli.main(["serve", "--check", "--port", free]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert told(out, "VIGIE_API_KEYS") == ["set (2 keys)", "set"]
    assert told(out, "OPENAI_API_KEY") == ["set", "set"]
    assert told(out, "VIGIE_MODEL") == ["org/hosted", "set"]
    assert told(out, "VIGIE_WEIGHTS_URL") == ["https://***@mirror.example/a.gguf?***", "set"]
    assert told(out, "VIGIE_MAX_DEADLINE_S") == ["600", "default"]
    assert told(out, "VIGIE_ALLOW_ANONYMOUS") == ["false", "default"]
    assert told(out, "OPENAI_BASE_URL") == ["none", "default"]
    assert len([line for line in out.splitlines() if re.match(r"(VIGIE|OPENAI)_", line)]) == len(Settings.model_fields)
    assert told(out, "address") == [f"http://127.0.0.1:{free}"]
    assert told(out, "callers") == ["whoever shows one of 2 keys"]
    assert told(out, "privacy") == ["articles are sent to api.openai.com"]
    assert not any(secret in out for secret in (SECRET, *KEYS))


@pytest.mark.parametrize("address", [f"a:{SECRET}@b.example", f"http://[{SECRET}", f"http:/a:{SECRET}@b"])
def test_check_shows_no_address_that_is_none(capsys: Captured, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Where the embedded model reads, a wrong address for another is nobody's matter; what is secret in it stays so."""
    monkeypatch.setenv("OPENAI_BASE_URL", address)

    assert cli.main(["serve", "--check", "--port", "0"]) == 0
    out = capsys.readouterr().out
    assert (told(out, "OPENAI_BASE_URL"), SECRET in out) == (["set", "set"], False)


@pytest.mark.parametrize(
    ("given", "host", "expected"),
    [
        pytest.param(
            {"mode": "replay"},
            "::1",
            {"model": "none; the recordings in", "privacy": "articles are read on this machine", "address": "http://[::1]:0"},
            id="replay",
        ),
        pytest.param(
            {"mode": "live"},
            "127.0.0.1",
            {"model": PINNED.name, "privacy": "articles are read on this machine", "callers": "everyone on this machine"},
            id="embedded",
        ),
        pytest.param({"mode": "record"}, "127.0.0.1", {"model": f"{PINNED.name}; each exchange is kept in"}, id="record"),
        pytest.param(
            {"mode": "live", "model": "m", "openai_base_url": "http://192.0.2.7:80/v1"},
            "127.0.0.1",
            {"model": "m", "privacy": "articles are sent to 192.0.2.7:80"},
            id="hosted",
        ),
        pytest.param({"mode": "live", "allow_anonymous": True}, "0.0.0.0", {"callers": "everyone who reaches 0.0.0.0, without a key"}, id="anonymous"),  # noqa: S104
        pytest.param({"mode": "live", "api_keys": KEYS[0]}, "127.0.0.1", {"callers": "whoever shows the key"}, id="key"),
        pytest.param(
            {"mode": "live", "database_url": f"postgresql://vigie:{SECRET}@db.example:5433/vigie?sslmode=verify-full", "worker": False},
            "127.0.0.1",
            {"jobs": "kept with their articles at db.example:5433; read by vigie worker alone"},
            id="database",
        ),
        pytest.param(
            {"mode": "live", "database_url": f"postgresql:///vigie?host=/run&password={SECRET}"},
            "127.0.0.1",
            {"jobs": "kept with their articles at the server that is named; read here too"},
            id="database by a socket",
        ),
    ],
)
def test_check_tells_what_follows(capsys: Captured, tmp_path: Path, given: dict[str, object], host: str, expected: dict[str, str]) -> None:
    """Who reads, where articles go and who may call is told as a consequence, not as a setting."""
    replay_dir = {"replay_dir": tmp_path / "kept"} if given["mode"] == "record" else {}
    check(Settings.model_validate(given | replay_dir), host, 0)
    out = capsys.readouterr().out

    assert {name: told(out, name)[0][: len(value)] for name, value in expected.items()} == expected
    assert SECRET not in out


@pytest.mark.parametrize(
    ("size", "said"), [(None, "not there yet"), (7, "7 bytes in place of 1,117,320,768"), (PINNED.size, "size matches (1,117,320,768 bytes)")]
)
def test_check_tells_where_the_weights_are(capsys: Captured, tmp_path: Path, size: int | None, said: str) -> None:
    """Weights that are missing or cut off are known before the first start; they are not read for that."""
    settings = Settings(mode="live", cache_dir=tmp_path)
    if size is not None:
        with weights_path(settings).open("wb") as file:
            file.truncate(size)
    check(settings, "127.0.0.1", 0)

    assert said in told(capsys.readouterr().out, "weights")[0]


def test_check_tells_a_file_of_ones_own(capsys: Captured, tmp_path: Path) -> None:
    """Who brings weights of their own sees that these are used."""
    own = tmp_path / "own.gguf"
    own.touch()
    check(Settings(mode="live", embedded_model=own), "127.0.0.1", 0)

    assert "own.gguf, a file of your own" in told(capsys.readouterr().out, "weights")[0]
