"""A file of this package as an answer, or a page that a template of it makes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.status_codes import HTTP_304_NOT_MODIFIED

_MEDIA_TYPES = {".css": MediaType.CSS, ".html": MediaType.HTML, ".js": "text/javascript", ".svg": "image/svg+xml"}

_TEMPLATES = ("reading.html",)

#: Our own scripts, styles and answers, and the images that the styles carry within; nothing inline, nothing from elsewhere, in nobody's frame.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY.format(forms="'none'"),
    "Referrer-Policy": "no-referrer",
    # Kept, and asked after each time: a page never meets the scripts of another version.
    "Cache-Control": "no-cache",
}
#: What a page with a form says of itself. Without a referrer a browser would not say either from where a form comes.
FORM_HEADERS = _HEADERS | {"Content-Security-Policy": _POLICY.format(forms="'self'"), "Referrer-Policy": "same-origin"}


@dataclass(frozen=True)
class _File:
    """A file as it is served."""

    content: bytes
    media_type: str
    etag: str


def answer_with(path: str, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the file at `path`, which is a constant of ours and never the caller's; its headers only, if the caller has it already."""
    return _answer(_file(path), request, _HEADERS)


def answer_with_made(content: bytes, media_type: str, request: Request[Any, Any, Any], headers: Mapping[str, str] = _HEADERS) -> Response[bytes]:
    """Return what is no file but was made, as a file is returned."""
    return _answer(_File(content, media_type, _etag(content)), request, headers)


def rendered(name: str, **values: object) -> bytes:
    """Return the template `name` of this package with `values`, all of which are escaped."""
    return environment().get_template(name).render(**values).encode()


def load() -> None:
    """Have the templates of this package ready."""
    for name in _TEMPLATES:
        environment().get_template(name)


def _answer(file: _File, request: Request[Any, Any, Any], headers: Mapping[str, str]) -> Response[bytes]:
    headers = {**headers, "ETag": file.etag}
    if file.etag in _etags(request.headers.get("if-none-match", "")):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)


@cache
def environment() -> Environment:
    """Return what renders the templates of this package, and keeps them compiled."""
    return Environment(
        loader=PackageLoader("service.web", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )


@cache
def _file(path: str) -> _File:
    """Return the file at `path` of this package, read once."""
    file = files(__package__).joinpath(path)
    content = file.read_bytes()
    return _File(content, _MEDIA_TYPES[path[path.rindex(".") :]], _etag(content))


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _etags(header: str) -> set[str]:
    """Return the entity tags in `header`; weak ones, as some proxies make them, are as good here (RFC 9110, 13.1.2)."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
