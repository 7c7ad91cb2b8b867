"""Requests with a key of the caller's."""

import pytest

from schemas.article import Article, Options
from schemas.record import Notice
from service.caching.answer import Answer
from service.caching.bounded_store import BoundedStore
from service.caching.repeats import KEPT_S, Repeats
from service.errors import IdempotencyKeyReused
from tests.unit.service_parts import record_of

ARTICLE = Article(text="Le ministre a parlé.")
OTHER = Article(text="La ministre a parlé.")
ANSWER = Answer.of(record_of(ARTICLE))


async def answered(repeats: Repeats, article: Article = ARTICLE, caller: str = "caller", key: str = "key") -> Answer | None:
    """Return what was answered to this request before."""
    with repeats.asked(article, caller, key) as repeat:
        return await repeats.get(repeat)


async def keep(repeats: Repeats, answer: Answer = ANSWER) -> None:
    """Keep an answer."""
    with repeats.asked(ARTICLE, "caller", "key") as repeat:
        await repeats.keep(repeat, answer)


async def test_h05_the_same_again_has_the_same_answer() -> None:
    """For a day; however long the caller waits this time."""
    repeats = Repeats(store := BoundedStore(1 << 20))
    await keep(repeats)

    assert await answered(repeats) == ANSWER
    assert await answered(repeats, ARTICLE.model_copy(update={"options": Options(deadline_s=3)})) == ANSWER
    (name,) = store._entries
    assert (await store.expires_in(name) or 0) in (KEPT_S - 1, KEPT_S)


async def test_h04_another_request_with_the_key_is_refused() -> None:
    """Once there is an answer to the first, and no less while it is under way."""
    repeats = Repeats(BoundedStore(1 << 20))
    with repeats.asked(ARTICLE, "caller", "key"), repeats.asked(ARTICLE, "caller", "key"):
        with pytest.raises(IdempotencyKeyReused):
            await answered(repeats, OTHER)
        assert await answered(repeats, OTHER, key="other") is None
    await keep(repeats)
    with pytest.raises(IdempotencyKeyReused):
        await answered(repeats, OTHER)


async def test_h06_j08_keys_of_others_are_no_concern() -> None:
    """Another caller's key of the same name is unknown, whatever it is for."""
    repeats = Repeats(BoundedStore(1 << 20))
    await keep(repeats)

    assert await answered(repeats, caller="another") is None
    assert await answered(repeats, OTHER, caller="another") is None


async def test_h08_a_failure_leaves_the_key_free() -> None:
    """What was under way and came to nothing is forgotten."""
    repeats = Repeats(BoundedStore(1 << 20))
    with pytest.raises(ZeroDivisionError), repeats.asked(ARTICLE, "caller", "key"):
        raise ZeroDivisionError

    assert await answered(repeats, OTHER) is None


async def test_h05_what_lacks_something_is_kept_for_its_caller() -> None:
    """Who asks with the same key wants the same answer, not a better one."""
    repeats = Repeats(BoundedStore(1 << 20))
    notice = Notice(code="answer_cut_off", detail="It was.", start=None, end=None)
    partial = Answer.of(ANSWER.record.model_copy(update={"warnings": [notice]}))
    await keep(repeats, partial)

    assert await answered(repeats) == partial


@pytest.mark.parametrize("broken", [b"", b"rubbish", b"0" * 200])
async def test_j12_what_is_corrupt_is_a_miss(broken: bytes) -> None:
    """The article is read again."""
    repeats = Repeats(store := BoundedStore(1 << 20))
    await keep(repeats)
    (name,) = store._entries
    await store.set(name, broken)

    assert await answered(repeats) is None
