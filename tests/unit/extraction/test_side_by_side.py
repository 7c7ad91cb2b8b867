"""Long articles: pieces that are read side by side, and what becomes of those that fail."""

import asyncio

import pytest
from openai.types.chat import ChatCompletion

from schemas.article import Article
from schemas.record import Record
from service.errors import ModelRefused, UpstreamMisconfigured, UpstreamUnavailable
from service.extraction.drafting import Lanes, one_lane
from service.extraction.pipeline import Extractor
from service.models.base import ModelCall, Profile
from service.resilience.admission import Admission
from service.settings import Settings
from service.testing.entries import actor, drafted
from tests.unit.extraction.extraction_parts import ScriptedModel, SlowModel, content_of, saying

PIECES = [f"{name} warned on Tuesday that it would strike the naval base of its neighbour." for name in ("Iran", "Russia", "Turkey", "Egypt")]
TEXT = "\n\n".join(PIECES)
SHORT = Profile(chunk_chars=100, section_by_section=False, max_completion_tokens=100, reask_quotes=False)


async def read(model: ScriptedModel, lanes: Lanes = one_lane, *, seconds: float = 60, **options: object) -> Record:
    """Return the record of an article of four pieces."""
    article = Article.model_validate({"text": TEXT, "language": "en", "options": options})
    return await Extractor(model, Settings()).extract(article, deadline_at=asyncio.get_running_loop().time() + seconds, lanes=lanes)


class Reader(ScriptedModel):
    """Finds who stands at the head of a piece, or fails there."""

    def __init__(self, **faults: Exception) -> None:
        """Know at whose pieces to fail."""
        super().__init__(profile=SHORT)
        self._faults = faults

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Say who it is."""
        self.calls.append(call)
        piece = content_of(call.messages[-1]).rpartition(" warned on")[0].rpartition("\n")[2]
        if piece in self._faults:
            raise self._faults[piece]
        return saying(drafted(actor(piece)).model_dump_json())


def names(record: Record) -> list[str]:
    """Return the names of the actors."""
    return [one.name for one in record.actors]


async def test_pieces_are_read_side_by_side_as_far_as_there_is_room() -> None:
    """One turn and two free slots read three pieces at once; all slots are given back."""
    admission, model = Admission(3), SlowModel(SHORT)
    async with admission.turn(asyncio.get_running_loop().time() + 60):
        reading = asyncio.ensure_future(read(model, admission.spare))
        await asyncio.wait_for(model.full(3), 5)
        assert (model.waiting, admission.taken) == (3, 3)
        model.goes_on.set()
        await reading
        assert admission.taken == 1

    assert (model.most, admission.taken) == (3, 0)


async def test_other_articles_come_first() -> None:
    """Where somebody waits for a slot, a piece that is read beside another gives it up after its end."""
    admission, model = Admission(2), SlowModel(SHORT)
    later = asyncio.get_running_loop().time() + 60
    async with admission.turn(later):
        reading = asyncio.ensure_future(read(model, admission.spare))
        await asyncio.wait_for(model.full(2), 5)
        other = asyncio.ensure_future(admission.turn(later).__aenter__())
        await asyncio.sleep(0)
        assert not other.done()
        model.goes_on.set()
        await asyncio.wait_for(other, 5)
        await reading

    assert admission.waiting == 0


async def test_the_order_of_the_text_is_kept() -> None:
    """Whichever piece is read first, entries stand in the order of the text."""
    record = await read(Reader(), Admission(9).spare)

    assert names(record) == ["Iran", "Russia", "Turkey", "Egypt"]
    assert (record.extraction.calls, record.extraction.chunks, record.warnings) == (4, 4, [])


@pytest.mark.parametrize("lanes", [one_lane, Admission(9).spare])
async def test_a_piece_that_fails_does_not_sink_the_rest(lanes: Lanes) -> None:
    """The warning says where nothing was read, and why."""
    record = await read(Reader(Russia=ModelRefused(), Turkey=ModelRefused()), lanes)
    (warning,) = record.warnings

    assert names(record) == ["Iran", "Egypt"]
    assert (warning.code, "model-refused" in warning.detail) == ("not_read", True)
    assert TEXT[warning.start : warning.end] == "\n\n".join(PIECES[1:3])


async def test_whoever_wants_all_or_nothing_gets_the_problem() -> None:
    """With `partial` false the first failure is the article's."""
    with pytest.raises(ModelRefused):
        await read(Reader(Turkey=ModelRefused()), partial=False)


async def test_where_nothing_was_read_the_article_fails() -> None:
    """No record of nothing: the problem of the first piece is the article's."""
    with pytest.raises(UpstreamUnavailable):
        await read(Reader(Iran=UpstreamUnavailable(), Russia=ModelRefused(), Turkey=ModelRefused(), Egypt=ModelRefused()))


async def test_what_fails_for_all_is_not_asked_again() -> None:
    """After a failure that is no fault of the piece nothing more is asked, and what was read stands."""
    model = Reader(Russia=UpstreamMisconfigured())
    record = await read(model)

    assert (len(model.calls), names(record)) == (2, ["Iran"])
    assert [(TEXT[one.start : one.end], one.code) for one in record.warnings] == [("\n\n".join(PIECES[1:]), "not_read")]


async def test_pieces_that_are_late_are_left_out() -> None:
    """When the time is over, what was read is the record."""

    class Late(Reader):
        async def complete(self, call: ModelCall) -> ChatCompletion:
            if len(self.calls) == 2:
                await asyncio.sleep(60)
            return await super().complete(call)

    record = await read(Late(), seconds=1.5)

    assert names(record) == ["Iran", "Russia"]
    assert [one.code for one in record.warnings] == ["not_read"]
    assert "deadline-exceeded" in record.warnings[0].detail


async def test_a_piece_knows_what_stands_before_it() -> None:
    """Pieces behind the first are told how the article begins and who was named; that proves nothing."""
    model = Reader()
    await read(model)
    first, second, *_ = [content_of(call.messages[-1]) for call in model.calls]

    assert "begins:" not in first
    assert "begins: Iran warned on Tuesday" in second
    assert "named before: Iran" in second


async def test_lanes_are_left_when_the_caller_leaves() -> None:
    """Cancelled, all pieces end, and every slot is free."""
    admission, model = Admission(3), SlowModel(SHORT)
    reading = asyncio.ensure_future(read(model, admission.spare))
    await asyncio.wait_for(model.full(4), 5)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert (model.cancelled, admission.taken) == (4, 0)
