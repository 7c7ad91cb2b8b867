"""Build the container image and prove what docs/image.md says of it, where there is no Docker.

Usage: python scripts/prove_image.py [BASE]

Needs root, a network that reaches the packages, 10 GB of disk, and Debian's buildah, crun and debootstrap. BASE is the image to build on; without it a stand-in
for the official one is made of Debian's packages. Takes ten minutes and more. Everything is made in a temporary folder and removed with it. Each line of
standard output is a claim and what was seen; the exit code is 0 if all hold.
"""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

ROOT = Path(__file__).parents[1]
RECORDINGS = ROOT / "service" / "examples" / "recordings"
ARTICLE = (ROOT / "examples" / "strait.txt").read_bytes()
SHORT = b"Kestria threatened on Thursday to strike the naval base at Port Hale."
KEY = "a-key-for-this-proof-alone"
TOOLS = ("buildah", "crun", "debootstrap", "mount", "unshare")
STAND_IN = "localhost/python:stand-in"
#: What of this machine a build and a fetch need in order to reach the packages.
LENT = [Path(name) for name in ("/etc/pip.conf", "/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt") if Path(name).is_file()]
#: The most seconds to start, to load the model, to read an article and to fetch the weights.
START_S, READY_S, ANSWER_S, FETCH_S = 60.0, 600.0, 300.0, 1_800.0
OK = http.client.OK

#: Runs in a container: asks until the answer has the status that is waited for, or never will, and prints the last answer.
CALLER = """
import http.client, sys, time
path, wanted, seconds, *headers = sys.argv[1:]
body, until = sys.stdin.buffer.read() or None, time.monotonic() + float(seconds)
while True:
    try:
        caller = http.client.HTTPConnection("127.0.0.1", 8000, timeout=float(seconds))
        caller.request("POST" if body else "GET", path, body, dict(header.split(": ", 1) for header in headers))
        answer = caller.getresponse()
        status, content = answer.status, answer.read()
    except OSError:
        status, content = 0, b""
    if wanted in ("0", str(status)) or b'"retryable":false' in content or time.monotonic() > until:
        break
    time.sleep(0.02)
sys.stdout.buffer.write(str(status).encode() + b"\\n" + content)
"""


class Failed(Exception):
    """Something without which nothing more can be proven."""


def run(*command: str | Path, stdin: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run `command` to its end and keep what it prints.

    Raises:
        Failed: It fails, and `check` says that it must not.
    """
    done = subprocess.run(command, input=stdin, capture_output=True, check=False)  # noqa: S603 - our own, without a shell
    if check and done.returncode:
        raise Failed(f"{command[0]}: exit code {done.returncode}\n{(done.stdout + done.stderr).decode(errors='replace')[-3_000:]}")
    return done


@dataclass(frozen=True)
class Image:
    """A built image."""

    config: Mapping[str, Any]
    #: Where its files are mounted.
    root: Path
    size: int


class Builder:
    """Buildah, with a storage of its own."""

    def __init__(self, folder: Path) -> None:
        """Keep everything in `folder`."""
        self._folder = folder
        self._command = ("buildah", "--root", folder / "storage", "--runroot", folder / "run", "--storage-driver", "overlay")

    def make_stand_in(self) -> str:
        """Make an image like the official one, with a Python in /usr/local/bin whose library is not compiled; return its name."""
        root = self._folder / "debian"
        run("debootstrap", "--variant=minbase", "--include=ca-certificates,python3,python3-venv", "bookworm", root)
        for name in ("python", "python3"):
            (root / "usr/local/bin" / name).symlink_to("/usr/bin/python3")
        for rest in (root / "var/cache/apt", root / "var/lib/apt/lists", root / "usr/share/doc", *(root / "usr/lib").glob("python3*/**/__pycache__")):
            shutil.rmtree(rest, ignore_errors=True)
        container = self._run("from", "scratch")
        self._run("add", "--quiet", container, root, "/")
        self._run("config", "--env", "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "--cmd", "python3", container)
        self._run("commit", "--quiet", "--rm", container, STAND_IN)
        shutil.rmtree(root)
        return STAND_IN

    def build(self, target: str, **arguments: str) -> Image:
        """Build the stage `target` of the Dockerfile with build `arguments`, and mount it."""
        lent = [f"--volume={path}:{path}:ro" for path in LENT]
        given = [f"--build-arg={name}={value}" for name, value in arguments.items()]
        # Buildah's own format has no place for a health check.
        name = self._run("build", "--quiet", "--layers", "--format=docker", "--isolation=chroot", "--network=host", *lent, *given, f"--target={target}", ROOT)
        described = json.loads(self._run("inspect", "--type", "image", name))
        root = Path(self._run("mount", self._run("from", "--pull-never", name)))
        return Image(described["Docker"]["config"], root, int(run("du", "--summarize", "--bytes", root).stdout.split()[0]))

    def close(self) -> None:
        """Let go of everything."""
        run(*self._command, "rm", "--all", check=False)

    def _run(self, *arguments: str | Path) -> str:
        return run(*self._command, *arguments).stdout.decode().strip()


@dataclass(frozen=True)
class Way:
    """How to run an image; what is not said is as the image has it."""

    command: Sequence[str] = ()
    entrypoint: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    #: What is mounted for reading, by where.
    mounts: Mapping[str, Path] = field(default_factory=dict)
    volume: Path | None = None
    #: Whether it has this machine's network; else it has none.
    online: bool = False


class Container:
    """An image that runs as with `docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --network none`."""

    def __init__(self, folder: Path, image: Image, way: Way) -> None:
        """Start it; what describes it is kept in `folder`."""
        bundle = Path(tempfile.mkdtemp(dir=folder))
        self._image, self._name = image, bundle.name
        self._command = ("crun", "--root", folder / "crun", "--cgroup-manager", "disabled")
        run("crun", "spec", f"--bundle={bundle}")
        specification = json.loads((bundle / "config.json").read_bytes())
        uid, gid = image.config["User"].split(":")
        specification["process"] |= {
            "terminal": False,
            "user": {"uid": int(uid), "gid": int(gid)},
            "args": [*(way.entrypoint or image.config["Entrypoint"]), *(way.command or image.config["Cmd"])],
            "env": [*image.config["Env"], *(f"{name}={value}" for name, value in way.environment.items())],
            "cwd": image.config["WorkingDir"],
            "capabilities": {},
            "noNewPrivileges": True,
        }
        specification["root"] = {"path": str(image.root), "readonly": True}
        bound = {**way.mounts, **({str(path): path for path in LENT} if way.online else {})}
        specification["mounts"] = [
            *(one for one in specification["mounts"] if one["type"] != "cgroup"),
            {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["noexec", "nosuid", "nodev", "mode=1777", "size=256m"]},  # noqa: S108 - its own
            *({"destination": where, "type": "bind", "source": str(path), "options": ["bind", "ro"]} for where, path in bound.items()),
            *([{"destination": "/var/lib/vigie", "type": "bind", "source": str(way.volume), "options": ["bind", "rw"]}] if way.volume else []),
        ]
        specification["linux"] = {"namespaces": [{"type": one} for one in ("pid", "ipc", "uts", "mount", *(() if way.online else ("network",)))]}
        (bundle / "config.json").write_text(json.dumps(specification), encoding="utf-8")
        self.started = time.monotonic()
        started = (*self._command, "run", f"--bundle={bundle}", self._name)
        self._process = subprocess.Popen(started, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - our own

    def end(self, within_s: float = START_S) -> tuple[int, str, str]:
        """Return exit code, standard output and standard error, once it has ended."""
        out, err = self._process.communicate(timeout=within_s)
        return self._process.returncode, out.decode(), err.decode()

    def stop(self) -> tuple[int, float]:
        """Ask its process 1 to end, as `docker stop` does; return exit code and seconds."""
        asked = time.monotonic()
        run(*self._command, "kill", self._name, "TERM")
        return self.end(ANSWER_S)[0], time.monotonic() - asked

    def execute(self, *command: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run `command` in it, as `docker exec` does."""
        until = time.monotonic() + START_S
        while json.loads(run(*self._command, "state", self._name, check=False).stdout or "{}").get("status") != "running" and time.monotonic() < until:
            time.sleep(0.01)
        return run(*self._command, "exec", self._name, *command, stdin=stdin, check=False)

    def health(self) -> int:
        """Return the exit code of the image's health check."""
        return self.execute(*self._image.config["Healthcheck"]["Test"][1:]).returncode

    def ask(self, path: str, body: bytes = b"", *, until: int = 0, within_s: float = START_S, key: str = "") -> tuple[int, bytes]:
        """Return status and body of the service's answer, asked for again until it is `until` or the time is up."""
        headers = [*(["Content-Type: text/plain; charset=utf-8"] if body else []), *([f"Authorization: Bearer {key}"] if key else [])]
        answer = self.execute("python", "-I", "-c", CALLER, path, str(until), str(within_s), *headers, stdin=body).stdout
        status, _, content = answer.partition(b"\n")
        return int(status or 0), content

    def memory(self) -> str:
        """Return what its processes hold: what is theirs alone, and with files, which the kernel may drop."""
        first = json.loads(run(*self._command, "state", self._name).stdout)["pid"]
        statuses = []
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (path / "ns/pid").readlink() == Path(f"/proc/{first}/ns/pid").readlink():
                    statuses.append((path / "status").read_text(encoding="ascii"))
        own, all_of_it = (sum(map(int, re.findall(rf"^{row}:\s+(\d+)", "".join(statuses), re.MULTILINE))) // 1_000 for row in ("RssAnon", "VmRSS"))
        return f"{own} MB of its own, {all_of_it} MB with files"

    def close(self) -> None:
        """End it if it runs, and forget it."""
        run(*self._command, "delete", "--force", self._name, check=False)
        self._process.communicate()


class Rig:
    """The claims, and what they share."""

    def __init__(self, folder: Path) -> None:
        """Keep everything in `folder`."""
        self._folder = folder
        self._volume = folder / "volume"
        self.broken = 0

    def claim(self, claim: str, holds: bool, seen: object) -> None:  # noqa: FBT001 - the end of a sentence
        """Print whether `claim` holds, and what was seen."""
        self.broken += not holds
        print(f"{'holds ' if holds else 'BROKEN'}  {claim}: {seen}", flush=True)

    @contextmanager
    def running(self, image: Image, way: Way) -> Iterator[Container]:
        """Yield a container that is ended at the end."""
        container = Container(self._folder, image, way)
        try:
            yield container
        finally:
            container.close()

    def prove_confinement(self, image: Image) -> None:
        """Show who it runs as, what it holds and what it may not do."""
        look = "import os; print(os.getuid(), os.getgid()); print(open('/proc/self/status').read())"
        with self.running(image, Way(["-c", look], ["python"])) as container:
            who, *status = container.end()[1].splitlines()
        powers = {line.split()[1] for line in status if line.startswith(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))}
        self.claim("It runs as 10001:10001", who == "10001 10001", who)
        self.claim("It has no capability and gains none", powers == {"0" * 16} and "NoNewPrivs:\t1" in status, powers)
        with self.running(image, Way(["/x", "/opt/vigie/x", "/var/lib/vigie/x", "/tmp/x"], ["touch"])) as container:  # noqa: S108 - its own
            refused = [line.split("'")[1] for line in container.end()[2].splitlines() if line.endswith("Read-only file system")]
        self.claim("Nothing can be written but in /tmp and the volume", refused == ["/x", "/opt/vigie/x", "/var/lib/vigie/x"], f"refused: {refused}")
        unwanted = [str(path) for name in ("bin/gcc*", "bin/cc", "bin/curl", "bin/git", "site-packages/*.pth") for path in image.root.glob(f"**/{name}")]
        self.claim("No compiler, curl, git or .pth file is in it", not unwanted, unwanted or "none")

    def prove_refusal(self, image: Image) -> None:
        """Show that strangers are not served by accident."""
        with self.running(image, Way()) as container:
            code, out, err = container.end()
        self.claim("Without keys it refuses in one line, with exit code 2", (code, out, err.count("\n")) == (2, "", 1), f"{code}, {err.strip()!r}")

    def prove_starts(self, image: Image) -> None:
        """Show each way to start, without a model or a network, and how it is asked, found healthy and stopped."""
        replay = Way(environment={"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": "/recordings"}, mounts={"/recordings": RECORDINGS})
        with self.running(image, replay) as container:
            status, _ = container.ask("/livez", until=OK)
            self.claim("It starts in replay mode", status == OK, f"/livez {status} after {time.monotonic() - container.started:.1f} s, {container.memory()}")
            status, body = container.ask("/extract", ARTICLE)
            targets = [one["name"] for one in json.loads(body).get("targets", [])]
            self.claim("It answers from recordings", status == OK and bool(targets), f"{status}, {targets}")
            asked = time.monotonic()
            code = container.health()
            self.claim("The health check says 0 of a service", code == 0, f"{code} after {time.monotonic() - asked:.2f} s")
            code, took_s = container.stop()
            self.claim("SIGTERM to process 1 ends it", code == 0 and took_s < START_S, f"exit code {code} after {took_s:.2f} s")
        with self.running(image, replace(replay, environment={**replay.environment, "VIGIE_API_KEYS": KEY})) as container:
            container.ask("/livez", until=OK)
            seen = [container.ask("/extract", ARTICLE, key=key)[0] for key in ("", "wrong", KEY)]
            self.claim("With keys it answers who shows one", seen == [http.client.UNAUTHORIZED, http.client.UNAUTHORIZED, OK], f"none, wrong, right: {seen}")
        for name, value in {"VIGIE_API_KEYS": KEY, "VIGIE_ALLOW_ANONYMOUS": "1"}.items():
            with self.running(image, Way(environment={name: value})) as container:
                status, _ = container.ask("/livez", until=OK)
                self.claim(f"It starts live with {name}", status == OK, f"/livez {status}")
        with self.running(image, replace(replay, command=["serve", "--port", "9000"])) as container:
            until = time.monotonic() + START_S
            while (code := container.health()) and time.monotonic() < until:
                time.sleep(0.2)
            self.claim("The health check follows the port", code == 0, f"{code} of port 9000")
        with self.running(image, Way(["60"], ["sleep"])) as container:
            code = container.health()
            self.claim("The health check says 1 where nothing serves", code == 1, code)

    def prove_weights(self, image: Image) -> Path:
        """Show that the volume is filled once, and that the model then reads without a network; return the weights."""
        self._volume.mkdir()
        os.chown(self._volume, *(int(number) for number in image.config["User"].split(":")))
        with self.running(image, Way(["fetch"], volume=self._volume, online=True)) as container:
            code, _, err = container.end(FETCH_S)
            self.claim("`fetch` fills the volume", code == 0, f"exit code {code} after {time.monotonic() - container.started:.0f} s {err.splitlines()[-1:]}")
        with self.running(image, Way(["fetch"], volume=self._volume)) as container:
            code = container.end()[0]
            self.claim("`fetch` needs no network where the weights are", code == 0, f"exit code {code} after {time.monotonic() - container.started:.1f} s")
        with self.running(image, Way(environment={"VIGIE_API_KEYS": KEY}, volume=self._volume)) as container:
            status, _ = container.ask("/readyz", until=OK, within_s=READY_S)
            self.claim(
                "The model is ready without a network",
                status == OK,
                f"/readyz {status} after {time.monotonic() - container.started:.0f} s, {container.memory()}",
            )
            with ThreadPoolExecutor() as pool:
                answer = pool.submit(container.ask, "/extract", SHORT, within_s=ANSWER_S, key=KEY)
                time.sleep(2)
                code, took_s = container.stop()
                status, body = answer.result()
            names = [one["name"] for one in json.loads(body or b"{}").get("targets", [])]
            self.claim("SIGTERM lets the model finish what it reads", (status, code) == (OK, 0), f"{status} {names}, exit code {code} after {took_s:.1f} s")
        return next(self._volume.glob("cache/*.gguf"))

    def prove_other_weights(self, image: Image, weights: Path, with_weights: Image) -> None:
        """Show the two other ways to have weights: in the image, and as a file of one's own."""
        with self.running(with_weights, Way(environment={"VIGIE_API_KEYS": KEY})) as container:
            status, _ = container.ask("/readyz", until=OK, within_s=READY_S)
            self.claim(
                "The image with weights is ready with no volume and no network",
                status == OK,
                f"/readyz {status} after {time.monotonic() - container.started:.0f} s",
            )
        mounted = Way(environment={"VIGIE_API_KEYS": KEY, "VIGIE_EMBEDDED_MODEL": "/model.gguf"}, mounts={"/model.gguf": weights})
        with self.running(image, mounted) as container:
            status, _ = container.ask("/readyz", until=OK, within_s=READY_S)
            self.claim("A mounted GGUF file is ready", status == OK, f"/readyz {status} after {time.monotonic() - container.started:.0f} s")


@contextmanager
def mirror_of(path: Path) -> Iterator[str]:
    """Yield an address on this machine at which the file at `path` is served."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(path.parent))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{path.name}"
        server.shutdown()


def prove(folder: Path, base: str | None) -> int:
    """Build and prove everything in `folder`; return how many claims do not hold."""
    # crun refuses a machine that has both kinds of control groups; nobody else sees what is mounted here.
    if (mixed := Path("/sys/fs/cgroup/unified")).is_dir():
        run("mount", "--bind", mixed, mixed.parent)
    rig, builder = Rig(folder), Builder(folder)
    try:
        base = base or builder.make_stand_in()
        began = time.monotonic()
        image = builder.build("runtime", BASE=base)
        rig.claim("The image builds", True, f"{image.size / 1e6:.0f} MB in {time.monotonic() - began:.0f} s on {base}")  # noqa: FBT003 - else it had failed
        slim = builder.build("runtime", BASE=base, EXTRAS="base")
        rig.claim("Without the embedded model it has no pip", not list(slim.root.glob("opt/**/pip")), f"{slim.size / 1e6:.0f} MB")
        rig.prove_confinement(image)
        rig.prove_refusal(image)
        rig.prove_starts(image)
        weights = rig.prove_weights(image)
        with mirror_of(weights) as address:
            with_weights = builder.build("with-weights", BASE=base, VIGIE_WEIGHTS_URL=address)
        rig.claim("The image with weights builds", True, f"{with_weights.size / 1e6:.0f} MB")  # noqa: FBT003 - else it had failed
        rig.prove_other_weights(image, weights, with_weights)
    finally:
        builder.close()
    return rig.broken


def leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End as a signal asks, through the clean-up."""
    sys.exit(128 + number)


def main(base: str | None) -> int:
    """Prove everything in a folder that is removed; return the exit code."""
    if missing := [name for name in TOOLS if shutil.which(name) is None]:
        print(f"There is no {', no '.join(missing)}: install Debian's packages of that name.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, leave)
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["TMPDIR"] = folder  # where buildah keeps what it caches
            return min(1, prove(Path(folder), base))
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 3


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("Only root can mount what this needs.")
    if sys.argv[1:2] != ["--apart"]:
        # What is mounted is seen by this alone, and goes with it.
        os.execvp("unshare", ["unshare", "--mount", sys.executable, __file__, "--apart", *sys.argv[1:]])  # noqa: S606, S607 - our own
    sys.exit(main(sys.argv[2] if len(sys.argv) > 2 else None))  # noqa: PLR2004 - the program, its mark and its argument
