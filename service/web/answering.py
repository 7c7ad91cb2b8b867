"""A file of this package as an answer."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from litestar import MediaType, Request, Response
from litestar.status_codes import HTTP_304_NOT_MODIFIED

_MEDIA_TYPES = {".css": MediaType.CSS, ".html": MediaType.HTML, ".js": "text/javascript", ".svg": "image/svg+xml"}

#: Our own scripts, styles and answers, and the images that the styles carry within; nothing inline, nothing from elsewhere, in nobody's frame.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    # Kept, and asked after each time: a page never meets the scripts of another version.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True)
class _File:
    """A file as it is served."""

    content: bytes
    media_type: str
    etag: str


def answer_with(path: str, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the file at `path`, which is a constant of ours and never the caller's; its headers only, if the caller has it already."""
    file = _file(path)
    headers = {**_HEADERS, "ETag": file.etag}
    if file.etag in _etags(request.headers.get("if-none-match", "")):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)


@cache
def _file(path: str) -> _File:
    """Return the file at `path` of this package, read once."""
    file = files(__package__).joinpath(path)
    content = file.read_bytes()
    return _File(content, _MEDIA_TYPES[path[path.rindex(".") :]], f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _etags(header: str) -> set[str]:
    """Return the entity tags in `header`; weak ones, as some proxies make them, are as good here (RFC 9110, 13.1.2)."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
