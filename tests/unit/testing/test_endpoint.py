"""The endpoint that finds what it is told to: in every mode of output, whole or streamed, in one piece or many."""

import json
from collections.abc import Sequence
from typing import Any

import httpx2
import openai
import pytest

from schemas.article import Article, Options
from schemas.record import Record
from schemas.vocabulary import RejectionReason, Section
from service.extraction.pipeline import Extractor
from service.models.base import OutputMode
from service.models.openai import OpenAIModel, profile_for
from service.settings import bare_settings
from service.testing import actor, commitment, target, threat, timeline
from service.testing.endpoint import Endpoint
from service.testing.entries import Entry, words_of

ARTICLE = "Valmer threatened on Friday to shell the army base at Teln. “We will not wait,” said Ilan Dorst of Valmer."
ENTRIES: Sequence[Entry] = (
    actor("Valmer"),
    actor("Ilan Dorst", "person", part_of="Valmer"),
    target("army base at Teln", by="Valmer", when="on Friday"),
    threat("Valmer threatened on Friday to shell the army base at Teln", by=["Valmer"], means=["artillery"], when="on Friday"),
    timeline("on Friday", direction="past", event="the threat"),
    commitment("“We will not wait,” said Ilan Dorst of Valmer", speakers=["Ilan Dorst"], polarity="will_not", direct_quote="We will not wait"),
)


class Kept:
    """A transport to an endpoint, which keeps what was said."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Keep nothing yet."""
        self.drafts: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self._endpoint = endpoint

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer, and keep it."""
        reply = self._endpoint.answer(request.content)
        call = json.loads(request.content)
        self.calls.append(call)
        whole = self._endpoint.answer(json.dumps({**call, "stream": False}).encode())
        message = json.loads(whole.body)["choices"][0]["message"]
        self.drafts.append(json.loads(message["tool_calls"][0]["function"]["arguments"] if message.get("tool_calls") else message["content"]))
        return httpx2.Response(reply.status, headers=dict(reply.headers), content=reply.body)


async def read(
    article: Article, *entries: Entry, mode: OutputMode = OutputMode.JSON_SCHEMA, follows: bool = False, chunk_chars: int = 24_000
) -> tuple[Record, Kept]:
    """Return the record of an article that is read by way of the adapter for endpoints, and what the endpoint said."""
    kept = Kept(Endpoint(entries, article=article.text))
    client = openai.AsyncOpenAI(
        base_url="http://model.test/v1", api_key="none", max_retries=0, http_client=httpx2.AsyncClient(transport=httpx2.MockTransport(kept))
    )
    settings = bare_settings(chunk_chars=chunk_chars)
    model = OpenAIModel(client, name="m", profile=profile_for(settings), output_mode=mode)
    try:
        record = await Extractor(model, settings).extract(article, deadline_at=float("inf"), hear=(lambda _told: None) if follows else None)
    finally:
        await model.close()
    return record, kept


@pytest.mark.parametrize("mode", OutputMode)
async def test_all_modes_of_output_give_one_record(mode: OutputMode) -> None:
    """By a schema, by a tool or by JSON alone, whole or streamed: the same entries are found, each by its words."""
    article = Article(text=ARTICLE)
    whole, calls = await read(article, *ENTRIES, mode=mode)
    streamed, followed = await read(article, *ENTRIES, mode=mode, follows=True)
    plain, _ = await read(article, *ENTRIES)

    assert [len(getattr(whole, section)) for section in Section] == [2, 1, 1, 1, 1]
    assert whole.rejected == []
    assert streamed == whole == plain
    assert [call.get("stream", False) for call in calls.calls] == [False]
    assert [call.get("stream", False) for call in followed.calls] == [True]


@pytest.mark.parametrize("mode", OutputMode)
async def test_what_is_not_asked_for_is_not_said(mode: OutputMode) -> None:
    """A caller who wants threats alone has a model that speaks of threats alone."""
    article = Article(text=ARTICLE, options=Options(sections=(Section.THREATS,)))
    record, kept = await read(article, *ENTRIES, mode=mode)

    assert [list(draft) for draft in kept.drafts] == [["threats"]]
    assert (len(record.threats), record.actors, record.targets) == (1, [], [])


@pytest.mark.parametrize("mode", OutputMode)
async def test_what_was_not_asked_for_is_not_said_either_when_asked_again(mode: OutputMode) -> None:
    """Asked once more for a quote that is not in the text, the model speaks of the same sections."""
    article = Article(text=ARTICLE, options=Options(sections=(Section.THREATS,)))
    _, kept = await read(article, threat("Norvia will bomb the church"), mode=mode)

    assert [list(draft) for draft in kept.drafts] == [["threats"], ["threats"]]


async def test_what_is_invented_is_said_and_refused() -> None:
    """A quote that stands nowhere is said once, as by a model that invents, and ends among what was refused."""
    record, kept = await read(Article(text=ARTICLE), *ENTRIES, threat("Norvia will bomb the church"))

    assert len(kept.drafts) == record.extraction.calls == 2  # asked once more for the quote
    assert [len(draft["threats"]) for draft in kept.drafts] == [2, 2]
    assert [(one.section, one.reason) for one in record.rejected] == [(Section.THREATS, RejectionReason.NOT_IN_TEXT)]


def long_article() -> tuple[Article, list[Entry]]:
    """Return an article of several pieces, and an entry that stands at its beginning, in each part and nowhere."""
    parts = [f"Marshal Orvo{number} threatened to shell camp number {number}. " + f"Rain fell on day {number}. " * 30 for number in range(6)]
    first = "Kestria convened its council at dawn. "
    entries = [threat(f"Marshal Orvo{number} threatened to shell camp number {number}") for number in range(6)]
    return Article(text=first + "\n\n".join(parts), title="Sardonia arms"), [actor("Kestria"), actor("Sardonia"), *entries]


async def test_of_a_long_article_each_piece_says_what_stands_in_it() -> None:
    """Each entry is said once, where it stands; what stands in no piece is said of the first, and neither title nor what is told of earlier pieces counts."""
    article, entries = long_article()
    record, kept = await read(article, *entries, chunk_chars=900)
    # What is asked again, for the sake of what is invented, is said again.
    drafts = [draft for call, draft in zip(kept.calls, kept.drafts, strict=True) if "</article" in call["messages"][-1]["content"]]
    quotes = [entry["quote"] for draft in drafts for entry in draft["threats"]]
    names = [entry["name"] for draft in drafts for entry in draft["actors"]]

    assert record.extraction.chunks == 6
    assert len(drafts) == 6
    assert sorted(quotes) == sorted(words_of(entry) for entry in entries[2:])
    assert sorted(names) == ["Kestria", "Sardonia"]
    assert len(record.threats) == 6
    assert sum("begins: Kestria convened" in json.dumps(call) for call in kept.calls) >= 5


async def test_an_article_that_looks_like_what_is_told_of_it_is_one() -> None:
    """A text with lines such as `begins:` in its midst is the first piece all the same."""
    record, _ = await read(Article(text=f"{ARTICLE}\nbegins: Norvia waits."), *ENTRIES, actor("Norvia"), actor("Nobody at all"))

    assert [one.name for one in record.actors] == ["Valmer", "Ilan Dorst", "Norvia"]
    assert [one.item["name"] for one in record.rejected] == ["Nobody at all"]


def test_parts_of_a_message_are_read_as_one() -> None:
    """A client that sends its text in parts is understood."""
    parts = [{"type": "text", "text": '<article id="a">\nValmer'}, {"type": "image_url"}, {"type": "text", "text": ' spoke.\n</article id="a">'}]
    reply = Endpoint([actor("Valmer"), actor("Norvia")], article="Valmer spoke. Norvia too.").answer(
        json.dumps({"messages": [{"role": "user", "content": parts}]}).encode()
    )

    assert '\\"Valmer\\"' in reply.body.decode()
    assert "Norvia" not in reply.body.decode()
