"""The container image: what its description promises, and that its health check tells the truth. `make prove-image` builds and runs it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from service.cli.serving import GRACE_S
from service.settings import Settings

ROOT = Path(__file__).parents[2]
#: The instructions of the Dockerfile, each as its name and the rest of its line.
INSTRUCTIONS = [
    (name, rest.strip())
    for name, _, rest in (
        line.partition(" ")
        for line in re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)).splitlines()
        if line
    )
]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
#: Files that a checkout may have and no image may.
PRIVATE = (".env", ".git/config", ".venv/bin/python", "build/lock/key", "tests/conftest.py", "service/.env", "requirements/.netrc", "id_rsa", "compose.yaml")


def all_of(name: str) -> list[str]:
    """Return what follows each instruction of that name."""
    return [rest for instruction, rest in INSTRUCTIONS if instruction == name]


def copied() -> list[str]:
    """Return the files and folders that the build copies from the checkout."""
    return [source for rest in all_of("COPY") if not rest.startswith("--from=") for source in rest.split()[:-1]]


def stages() -> list[str]:
    """Return the names of the stages that have one."""
    return [rest.split(" AS ")[1] for rest in all_of("FROM") if " AS " in rest]


def is_sent(path: str) -> bool:
    """Return whether .dockerignore lets the build see the file at `path`: of the patterns that match it or a folder that it lies in, the last decides."""
    parts = path.split("/")
    heads = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    sent = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        anywhere = pattern.startswith("**/") and any(fnmatchcase(part, pattern.removeprefix("**/")) for part in parts)
        if anywhere or any(head.count("/") == pattern.count("/") and fnmatchcase(head, pattern) for head in heads):
            sent = line.startswith("!")
    return sent


def test_a_linter_finds_no_fault() -> None:
    """Hadolint, which knows what goes wrong in such files, is content."""
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_base_is_one_version() -> None:
    """Every stage is of the one base, whose tag names a whole version and a release of Debian, or of another stage."""
    assert re.fullmatch(r"BASE=python:3\.\d+\.\d+-slim-(bookworm|trixie)", all_of("ARG")[0])
    assert {rest.split()[0] for rest in all_of("FROM")} <= {"${BASE}", *stages()}


def test_nothing_is_installed_that_is_not_pinned() -> None:
    """Whatever pip brings is known by its hash, or is our own and brings nothing with it; and it is a wheel, so that none of its code runs."""
    calls = re.findall(r"pip (?:--python \S+ )?(?:install|wheel|download)\b[^&]*", " ".join(all_of("RUN")))

    assert len(calls) >= 4
    assert all("--require-hashes" in call or "--no-deps" in call for call in calls)
    assert any("PIP_ONLY_BINARY=:all:" in rest for rest in all_of("ENV"))


def test_nobody_runs_it_as_root() -> None:
    """The user is a number, which an orchestrator can check, and none of the instructions goes back to root."""
    assert all_of("USER")
    assert all(re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user) for user in all_of("USER"))


def test_it_is_started_and_stopped_without_a_shell() -> None:
    """Signals reach the service itself: its command is a list, so no shell stands before it. The port is the one that is told."""
    entry, command = (json.loads(all_of(name)[-1]) for name in ("ENTRYPOINT", "CMD"))

    assert entry == ["vigie"]
    assert command == ["serve", "--host", "0.0.0.0", "--port", *all_of("EXPOSE")]  # noqa: S104 - the container's
    assert all_of("STOPSIGNAL") == ["SIGTERM"]


@pytest.mark.parametrize("path", copied())
def test_what_is_copied_is_there(path: str) -> None:
    """A build fails late over a file that is missing or that it may not see."""
    found = ROOT / path

    assert found.exists()
    assert is_sent(f"{path}/any.txt" if found.is_dir() else path)


@pytest.mark.parametrize("path", PRIVATE)
def test_what_is_private_stays_out(path: str) -> None:
    """No secret of a checkout, and nothing that the image does not need, is sent to whoever builds it."""
    assert not is_sent(path)


class Answering(BaseHTTPRequestHandler):
    """A service whose every answer but that of /livez is an error."""

    lives = True

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200 if self.lives and self.path == "/livez" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Failing(Answering):
    """A service that does not live."""

    lives = False


@contextmanager
def serving(handler: type[Answering]) -> Iterator[int]:
    """Yield the port of a server of this machine's own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def check_health(folder: Path, command: str) -> int:
    """Return what the image's health check says where `command` is process 1."""
    check = json.loads(all_of("HEALTHCHECK")[0].partition(" CMD ")[2])
    assert check[0] == "python"
    assert check[-1] == "/proc/1/cmdline"
    process = folder / "cmdline"
    process.write_bytes("\0".join(command.split(" ")).encode() + b"\0")
    # Were a proxy asked, it would not answer.
    environment = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    return subprocess.run([sys.executable, *check[1:-1], process], env=environment, stderr=subprocess.DEVNULL, check=False).returncode


@pytest.mark.parametrize("command", ["/opt/vigie/bin/python /opt/vigie/bin/vigie serve --host 0.0.0.0 --port {}", "init -- vigie serve --port={}"])
@pytest.mark.parametrize(("handler", "code"), [(Answering, 0), (Failing, 1)])
def test_the_health_check_says_how_the_service_is(tmp_path: Path, command: str, handler: type[Answering], code: int) -> None:
    """It asks on the port that the command names, whatever proxy the environment has."""
    with serving(handler) as port:
        assert check_health(tmp_path, command.format(port)) == code


def test_the_health_check_says_that_there_is_no_service(tmp_path: Path) -> None:
    """Where nothing listens the answer is 1; Docker knows no other number for it."""
    with serving(Answering) as port:
        pass

    assert check_health(tmp_path, f"vigie serve --port {port}") == 1


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "build" in service])
def test_each_container_is_confined(name: str) -> None:
    """Nothing can be written but in memory and in the volume, no power is held or gained, and there is an end to memory and to processes."""
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [service["user"]] == all_of("USER")
    assert [one.split(":")[0] for one in service["tmpfs"]] == ["/tmp"]  # noqa: S108 - the container's
    assert service["mem_limit"]
    assert service["pids_limit"] > 0
    assert service["build"]["target"] in stages()
    assert not service["image"].endswith(":latest")
    assert ":" in service["image"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & service.keys()


def test_the_database_is_confined_too() -> None:
    """It is there for those alone who ask for jobs, is not root, and only this machine reaches it unless another address is named."""
    database = SERVICES["database"]

    assert database["profiles"] == SERVICES["worker"]["profiles"] == ["jobs"]
    assert (database["read_only"], database["cap_drop"], database["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert not database["user"].startswith("0")
    assert database["ports"] == ["${DATABASE_ADDRESS:-127.0.0.1}:5432:5432"]
    assert {*database["environment"].values()} == {"vigie", "${POSTGRES_PASSWORD:-}"}


def test_only_this_machine_reaches_the_service_and_only_with_a_key() -> None:
    """The port is open on loopback alone, and nothing lets the service start without a key. A machine with workers alone needs none."""
    service = SERVICES["vigie"]

    assert all(port.startswith("127.0.0.1:") and port.endswith(f":{all_of('EXPOSE')[0]}") for port in service["ports"])
    assert service["environment"]["VIGIE_API_KEYS"] == "${VIGIE_API_KEYS:-}"
    assert not {"VIGIE_ALLOW_ANONYMOUS", "VIGIE_MODE"} & service["environment"].keys()
    assert "command" not in service
    assert ":?" not in (ROOT / "compose.yaml").read_text(encoding="utf-8")


def test_the_weights_are_there_before_the_service() -> None:
    """A container that ends fills the volume that both share, and holds no key."""
    weights, service = SERVICES["weights"], SERVICES["vigie"]

    assert weights["command"] == ["fetch"]
    assert service["depends_on"] == {"weights": {"condition": "service_completed_successfully"}}
    assert weights["volumes"] == service["volumes"]
    assert [volume.split(":")[0] for volume in [*service["volumes"], *SERVICES["database"]["volumes"]]] == list(COMPOSE["volumes"])
    assert "env_file" not in weights
    assert not [name for name in weights["environment"] if "KEY" in name]


def test_what_is_kept_lies_in_the_volume() -> None:
    """The folders of the weights and of the recordings are those of the image, whatever .env says, and they outlive the container."""
    told = dict(word.split("=", 1) for rest in all_of("ENV") for word in rest.split() if word.startswith("VIGIE_"))
    volume = SERVICES["vigie"]["volumes"][0].split(":")[1]

    for name in ("VIGIE_CACHE_DIR", "VIGIE_DATA_DIR"):
        assert SERVICES["vigie"]["environment"][name].startswith(f"{volume}/")
    assert told["VIGIE_DATA_DIR"] == SERVICES["vigie"]["environment"]["VIGIE_DATA_DIR"]


def test_a_stop_waits_for_the_longest_article() -> None:
    """Compose gives the service longer than the service gives its callers, so that a stop fails none of them."""
    grace = SERVICES["vigie"]["stop_grace_period"]

    assert int(grace.removesuffix("s")) > Settings().max_deadline_s + GRACE_S


def test_health_is_watched_and_a_fall_is_mended() -> None:
    """The health check of the image is on, and what falls is started again."""
    service = SERVICES["vigie"]

    assert not {"disable", "test"} & service["healthcheck"].keys()
    assert service["restart"] == "unless-stopped"
