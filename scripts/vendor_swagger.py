"""Fetch the OpenAPI UI anew, in the version that is written below, and keep the files of it that are served and what their licences ask to be kept.

Usage: python scripts/vendor_swagger.py

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
from pathlib import Path

NAME, VERSION, LICENCE = "swagger-ui-dist", "5.35.0", "Apache-2.0"
#: Of the package as it was published. A newer version has its own, which `npm view` tells (dist.integrity).
INTEGRITY = "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ=="
#: The bundle's own notices go with it: it holds works of others.
KEPT = ("LICENSE", "NOTICE", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css")
FOLDER = Path(__file__).parents[1] / "service" / "web" / "vendored" / "swagger-ui"

README = f"""# {NAME} {VERSION}

The OpenAPI UI, from the npm package of this name and version. Licence: {LICENCE} (`LICENSE`, `NOTICE`); what the bundle holds of others keeps its own
(`swagger-ui-bundle.js.LICENSE.txt`).

Changed here: references to source maps are gone, for the maps are not served. `make vendor` makes this folder; nobody edits it, and
`sha256sum -c SHA256SUMS` tells whether anyone has.
"""

_SOURCE_MAP = re.compile(rb"\s*/[/*]# sourceMappingURL=\S+?(?:\*/)?\s*\Z")


def fetched(folder: Path) -> Path:
    """Return the package's archive, fetched into `folder` by npm, with whatever registry the user has configured."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the package.")
    subprocess.run([npm, "pack", "--silent", "--ignore-scripts", f"{NAME}@{VERSION}"], cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - fixed words
    return folder / f"{NAME}-{VERSION}.tgz"


def integrity(archive: bytes) -> str:
    """Return the digest of `archive` as npm writes it."""
    return f"sha512-{base64.b64encode(hashlib.sha512(archive).digest()).decode()}"


def kept(archive: Path) -> dict[str, bytes]:
    """Return the files of `archive` that stay, without references to files that do not."""
    with tarfile.open(archive) as package:
        return {name: _SOURCE_MAP.sub(b"\n", _content(package, name)) for name in KEPT}


def _content(package: tarfile.TarFile, name: str) -> bytes:
    """Return what the file `name` of `package` holds."""
    member = package.extractfile(f"package/{name}")
    if member is None:
        sys.exit(f"{name} is no file.")
    return member.read()


def write(files: dict[str, bytes]) -> None:
    """Make the folder anew, of `files` and their digests in the format of sha256sum."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    (FOLDER / "SHA256SUMS").write_text(sums, encoding="utf-8")


def main() -> None:
    """Fetch, check, keep."""
    with tempfile.TemporaryDirectory() as folder:
        archive = fetched(Path(folder))
        found = integrity(archive.read_bytes())
        if found != INTEGRITY:
            sys.exit(f"This is another {NAME} {VERSION} than the one that is expected: {found}.")
        write({**kept(archive), "README.md": README.encode()})


if __name__ == "__main__":
    main()
