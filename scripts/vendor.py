"""Fetch what others wrote anew, in the versions that are written below: of each package the files that are used, and what its licence asks to be kept.

Usage: python scripts/vendor.py

Needs npm. What changed afterwards is for the eye of whoever commits it.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm, and what is kept of it."""

    name: str
    version: str
    #: Of the package as it was published. A newer version has its own, which `npm view` tells (dist.integrity).
    integrity: str
    kept: tuple[str, ...]
    folder: Path
    #: For its README: what it is, where it is from, its licences, what was changed.
    about: str


SWAGGER_UI = Package(
    name="swagger-ui-dist",
    version="5.35.0",
    integrity="sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==",
    # The bundle's own notices go with it: it holds works of others.
    kept=("LICENSE", "NOTICE", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css"),
    folder=ROOT / "service" / "web" / "vendored" / "swagger-ui",
    about="""\
The OpenAPI UI, from the npm package of this name and version. Licence: Apache-2.0 (`LICENSE`, `NOTICE`); what the bundle holds of others keeps its own
(`swagger-ui-bundle.js.LICENSE.txt`).

Changed here: references to source maps are gone, for the maps are not served. """,
)
AXE = Package(
    name="axe-core",
    version="4.14.1",
    integrity="sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    kept=("LICENSE", "LICENSE-3RD-PARTY.txt", "axe.min.js"),
    folder=ROOT / "tests" / "integration" / "browser" / "vendored" / "axe-core",
    about="""\
Finds what of a page cannot be used by everybody, from the npm package of this name and version. Only tests use it; it is not shipped. Licence: MPL-2.0
(`LICENSE`); what it holds of others keeps its own (`LICENSE-3RD-PARTY.txt`).

As it was published. """,
)
PACKAGES = (SWAGGER_UI, AXE)

_MADE = """\
`make vendor` makes this folder; nobody edits it, and
`sha256sum -c SHA256SUMS` tells whether anyone has.
"""
_SOURCE_MAP = re.compile(rb"\s*/[/*]# sourceMappingURL=\S+?(?:\*/)?\s*\Z")


def fetched(package: Package, folder: Path) -> Path:
    """Return the package's archive, fetched into `folder` by npm, with whatever registry the user has configured."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the packages.")
    asked = f"{package.name}@{package.version}"
    subprocess.run([npm, "pack", "--silent", "--ignore-scripts", asked], cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - fixed words
    return folder / f"{package.name}-{package.version}.tgz"


def integrity(archive: bytes) -> str:
    """Return the digest of `archive` as npm writes it."""
    return f"sha512-{base64.b64encode(hashlib.sha512(archive).digest()).decode()}"


def kept(package: Package, archive: Path) -> dict[str, bytes]:
    """Return the files of `archive` that stay, without references to files that do not."""
    with tarfile.open(archive) as opened:
        return {name: _SOURCE_MAP.sub(b"\n", _content(opened, name)) for name in package.kept}


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    """Return what the file `name` of `archive` holds."""
    member = archive.extractfile(f"package/{name}")
    if member is None:
        sys.exit(f"{name} is no file.")
    return member.read()


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Make the folder anew, of `files` and their digests in the format of sha256sum."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")


def main() -> None:
    """Fetch, check, keep."""
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            archive = fetched(package, Path(folder))
            found = integrity(archive.read_bytes())
            if found != package.integrity:
                sys.exit(f"This is another {package.name} {package.version} than the one that is expected: {found}.")
            readme = f"# {package.name} {package.version}\n\n{package.about}{_MADE}"
            write(package.folder, {**kept(package, archive), "README.md": readme.encode()})


if __name__ == "__main__":
    main()
