"""The store in memory."""

import asyncio
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.caching.bounded_store import ENTRY_BYTES, BoundedStore

SOON = timedelta(milliseconds=40)


def room_for(entries: int, data_bytes: int = 10) -> BoundedStore:
    """Return a store with room for so many entries of one letter and so many bytes."""
    return BoundedStore(entries * (ENTRY_BYTES + 1 + data_bytes))


async def held(store: BoundedStore, keys: str) -> str:
    """Return those of the `keys` that are kept."""
    return "".join([key for key in keys if await store.exists(key)])


async def test_what_is_kept_comes_back() -> None:
    """Bytes as they were, words as UTF-8; the last ones count."""
    store = room_for(3)
    await store.set("a", b"\x00\xff")
    await store.set("b", "é")
    await store.set("b", "è")

    assert [await store.get(key) for key in "abc"] == [b"\x00\xff", "è".encode(), None]


async def test_j11_who_was_not_asked_for_longest_goes_first() -> None:
    """Where there is no place for one more."""
    store = room_for(3)
    for key in "abc":
        await store.set(key, b"0123456789")
    await store.get("a")
    await store.set("d", b"0123456789")

    assert await held(store, "abcd") == "acd"


async def test_j11_what_is_too_large_for_all_is_not_kept() -> None:
    """Nor does it drive out the others; what stood in its place is gone, for it is old."""
    store = room_for(2)
    await store.set("a", b"0123456789")
    await store.set("b", b"0123456789")
    await store.set("b", b"0" * 5_000)

    assert await held(store, "ab") == "a"


async def test_j11_nothing_is_kept_beyond_its_time() -> None:
    """Its memory is free then, though nobody asks for it."""
    store = room_for(3)
    await store.set("a", b"0123456789", expires_in=SOON)
    await store.set("b", b"0123456789", expires_in=100)
    await store.set("c", b"0123456789")
    assert [await store.expires_in(key) for key in "abc"] == [0, 99, None]
    await asyncio.sleep(0.1)

    assert store.held_bytes == 2 * (ENTRY_BYTES + 11)
    assert await held(store, "abc") == "bc"


async def test_j11_nothing_is_returned_beyond_its_time() -> None:
    """Not even by a loop that was held up and is late with everything."""
    store = room_for(1)
    await store.set("a", b"0123456789", expires_in=timedelta(0))

    assert await store.get("a") is None
    assert store.held_bytes == 0


async def test_a_new_value_has_the_time_that_it_was_given() -> None:
    """The time of the one before is over with it; whoever asks may give more, to what has an end."""
    store = room_for(3)
    await store.set("a", b"old", expires_in=SOON)
    await store.set("a", b"new", expires_in=100)
    await store.set("b", b"renewed", expires_in=SOON)
    await store.get("b", renew_for=100)
    await store.set("c", b"for ever")
    await store.get("c", renew_for=SOON)
    await asyncio.sleep(0.1)

    assert [await store.get(key) for key in "abc"] == [b"new", b"renewed", b"for ever"]


async def test_what_is_deleted_is_gone() -> None:
    """One of them, none that there was, or all; all of them also at the end of the service."""
    store = room_for(3)
    async with store:
        for key in "abc":
            await store.set(key, b"0123456789", expires_in=100)
        await store.delete("a")
        await store.delete("z")
        assert await held(store, "abc") == "bc"

    assert (await held(store, "abc"), store.held_bytes) == ("", 0)


@given(st.integers(0, 6_000), st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2_000), st.booleans()), max_size=40))
async def test_j11_the_bound_always_holds(most_bytes: int, done: list[tuple[str, int, bool]]) -> None:
    """Whatever is kept and asked for, no more is held than may be, and what is held is counted to the byte."""
    store = BoundedStore(most_bytes)
    for key, size, asks in done:
        if asks:
            await store.get(key)
        else:
            await store.set(key, bytes(size), expires_in=100)
        assert store.held_bytes == sum(len(key) + len(entry.data) + ENTRY_BYTES for key, entry in store._entries.items()) <= most_bytes
    await store.delete_all()
