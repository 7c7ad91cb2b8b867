"""`GET /problems/{code}`: what a code means; the `type` of a problem leads here."""

from litestar import get
from litestar.params import FromPath

from service.errors import NotFound
from service.problems import kinds


@get("/problems/{code:str}", media_type="text/plain")
async def problem_page(code: FromPath[str]) -> str:
    """Return a few lines on the kind of problem that `code` names."""
    kind = kinds().get(code)
    if kind is None:
        raise NotFound
    retry = "The same request may succeed later; Retry-After says when." if kind.retryable else "The same request will fail again."
    return f"{code}: HTTP {kind.status}\n\n{kind.title}\n\n{kind.__doc__}\n{retry}\n"
