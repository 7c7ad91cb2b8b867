"""How an article is asked to be read, in whichever way it came in."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from structlog.contextvars import bind_contextvars

from schemas.article import Article
from service.access.door import Caller
from service.reception import Received, Reception
from service.settings import Settings


def asked(article: Article, caller: Caller, reception: Reception, settings: Settings) -> Callable[..., Coroutine[Any, Any, Received]]:
    """Return what reads `article` for `caller`; its time begins now."""
    bind_contextvars(characters=len(article.text))
    deadline_at = asyncio.get_running_loop().time() + settings.deadline_for(article.options.deadline_s)
    return partial(reception.extract, article, caller.id, deadline_at=deadline_at)
