"""`GET /docs`: what `/openapi.json` says, as a page on which every request can be tried."""

from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.params import FromPath
from litestar.status_codes import HTTP_308_PERMANENT_REDIRECT

from service.errors import NotFound
from service.web.answering import answer_with

#: What the page is made of, and where it lies. Nothing else can be asked for.
ASSETS = {
    "documentation.css": "documentation.css",
    "documentation.js": "documentation.js",
    "favicon.svg": "favicon.svg",
    "swagger-ui-bundle.js": "vendored/swagger-ui/swagger-ui-bundle.js",
    "swagger-ui.css": "vendored/swagger-ui/swagger-ui.css",
}


@route("/docs", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def documentation(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the page."""
    if request.scope["raw_path"].endswith(b"/"):
        # The page's links are relative, as those of a page behind a path prefix must be, and would lead astray.
        return Response(b"", status_code=HTTP_308_PERMANENT_REDIRECT, headers={"Location": "../docs"})
    return answer_with("documentation.html", request)


@route("/docs/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def documentation_asset(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the part of the page that is called `name`."""
    if name not in ASSETS:
        raise NotFound
    return answer_with(ASSETS[name], request)
