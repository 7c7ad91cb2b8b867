"""The parts that tests of the way of an article share: sentences of our own, drafts, texts of every kind, and a model that says what it is told to."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from schemas.article import Article
from schemas.draft import ActorDraft, CommitmentDraft, Draft, TargetDraft, ThreatDraft, TimelineDraft
from schemas.record import Extraction, Record, Usage
from schemas.time import DateTime, EventTime, WindowTime
from schemas.vocabulary import ActorKind, CommitmentKind, Direction, Means, Polarity, Section, TargetKind, ThreatBasis, ThreatKind, ThreatStage
from service.extraction.assembling import assemble
from service.extraction.chunking import Chunk
from service.extraction.grounding import ground
from service.extraction.judging import judge
from service.extraction.preparing import Prepared, prepare
from service.models.base import ModelCall, OutputMode, Profile
from service.models.replies import completion_of
from service.testing.entries import Entry, drafted

#: One sentence a language.
SENTENCES = {
    "en": "The foreign ministry of Valmer said on Tuesday that its fleet would leave the harbour before the end of the month.",
    "fr": "Le ministre de la Défense d’Orlane a déclaré mercredi que l’armée ne quitterait pas la base navale avant vendredi.",
    "es": "El gobierno de Norvia prometió el jueves que enviará más soldados a la frontera durante los próximos días.",
    "de": "Die Regierung von Kestrien kündigte am Montag an, dass ihre Truppen die Straße zum Hafen noch heute schließen würden.",
    "it": "Il ministro della Difesa ha detto ieri che la flotta resterà nel porto fino alla fine del mese.",
    "pt": "O governo anunciou na terça-feira que não enviará mais soldados para a fronteira antes de março.",
    "ru": "Министр обороны заявил во вторник, что войска останутся на границе до конца недели.",
    "uk": "Міністр оборони заявив у вівторок, що війська залишаться на кордоні до кінця тижня.",
    "ar": "أعلن وزير الدفاع يوم الثلاثاء أن القوات ستبقى على الحدود حتى نهاية الأسبوع.",
    "he": "שר הביטחון אמר ביום שלישי כי הכוחות יישארו בגבול עד סוף השבוע.",
    "zh": "国防部长周二表示，部队将留在边境直到本周末，不会提前撤离。",
    "ja": "防衛大臣は火曜日、部隊は今週末まで国境にとどまると述べた。",
    "ko": "국방부 장관은 화요일 군대가 이번 주말까지 국경에 남을 것이라고 말했다.",
    "hi": "रक्षा मंत्री ने मंगलवार को कहा कि सेना सप्ताह के अंत तक सीमा पर रहेगी।",
    "tr": "Savunma bakanı salı günü yaptığı açıklamada birliklerin hafta sonuna kadar sınırda kalacağını söyledi.",
    "el": "Ο υπουργός Άμυνας δήλωσε την Τρίτη ότι τα στρατεύματα θα παραμείνουν στα σύνορα μέχρι το τέλος της εβδομάδας.",
}

HOW = Extraction(
    model="scripted",
    prompt="extract.v1",
    prompt_sha256="0" * 64,
    sections=[*Section],
    calls=1,
    chunks=1,
    usage=Usage(prompt_tokens=0, cached_tokens=0, completion_tokens=0, cost_usd=None),
)

#: A profile that asks for everything at once, as for an endpoint; and one that asks section by section for rows, as for the embedded model.
WHOLE = Profile(chunk_chars=24_000, section_by_section=False, max_completion_tokens=100, reask_quotes=True)
IN_TURN = Profile(chunk_chars=24_000, section_by_section=True, max_completion_tokens=100, reask_quotes=False)
ROWS = Profile(
    chunk_chars=24_000,
    section_by_section=True,
    max_completion_tokens=100,
    reask_quotes=False,
    rows={
        "actors": ("name", "kind"),
        "targets": ("name", "category", "kind", "status", "by"),
        "threats": ("quote", "by", "basis", "kind", "action"),
        "timelines": ("expression", "direction", "event"),
        "commitments": ("quote", "speakers", "kind", "polarity", "commitment"),
    },
    row_caps=dict.fromkeys(Section, 3),
)


def prepared_from(text: str, **facts: object) -> Prepared:
    """Return the prepared article of `text`."""
    return prepare(Article.model_validate({"text": text, **facts}))


def record_from(text: str, *entries: Entry, **facts: object) -> Record:
    """Return the record of `text` when a model offers these entries."""
    prepared = prepared_from(text, **facts)
    return proven([(Chunk(0, len(text), prepared.model_text), drafted(*entries))], prepared)


def proven(drafts: Sequence[tuple[Chunk, BaseModel]], prepared: Prepared) -> Record:
    """Return the record that stands behind drafts."""
    grounded = ground(drafts, prepared)
    return assemble(prepared, grounded, judge(grounded, prepared), (), HOW)


class ScriptedModel:
    """A model that says one thing after another, and keeps what it was asked."""

    name = "scripted"

    def __init__(self, *script: ChatCompletion | BaseModel | str | Exception, profile: Profile = WHOLE, mode: OutputMode = OutputMode.JSON_SCHEMA) -> None:
        """Keep what to say."""
        self.profile, self.output_mode = profile, mode
        self.calls: list[ModelCall] = []
        self._script = script

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Say the next thing."""
        self.calls.append(call)
        said = self._script[len(self.calls) - 1]
        if isinstance(said, Exception):
            raise said
        if isinstance(said, BaseModel) and not isinstance(said, ChatCompletion):
            said = said.model_dump_json()
        return saying(said) if isinstance(said, str) else said

    async def check(self) -> None:
        """Be ready."""

    async def start(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""


class SlowModel(ScriptedModel):
    """A model that waits to be let on, and counts how many wait with it."""

    def __init__(self, profile: Profile = WHOLE) -> None:
        """Wait."""
        super().__init__(profile=profile)
        self.goes_on, self.asked = asyncio.Event(), asyncio.Event()
        self.waiting = self.most = self.cancelled = 0

    async def full(self, number: int) -> None:
        """Return when so many wait."""
        while self.waiting < number:
            self.asked.clear()
            await self.asked.wait()

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Say nothing, late."""
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        self.asked.set()
        try:
            await self.goes_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.waiting -= 1
        return saying(drafted().model_dump_json())


def saying(content: str | None, finish_reason: str | None = "stop", *, usage: tuple[int, int, int] | None = (10, 4, 5), **message: object) -> ChatCompletion:
    """Return a completion with this `content`; `usage` counts its prompt, cached and written tokens."""
    counted = usage and CompletionUsage.model_validate(
        {
            "prompt_tokens": usage[0],
            "completion_tokens": usage[2],
            "total_tokens": usage[0] + usage[2],
            "prompt_tokens_details": {"cached_tokens": usage[1]},
        }
    )
    return completion_of({"content": content, **message}, finish_reason, usage=counted or None, model="scripted")


def calling(arguments: str) -> dict[str, Any]:
    """Return a message that calls the tool `Draft`."""
    return {"tool_calls": [{"id": "t", "type": "function", "function": {"name": "Draft", "arguments": arguments}}]}


def content_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message, in one piece or several."""
    content = message["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def words_of(text: str) -> list[tuple[int, int]]:
    """Return the spans of what stands between space in `text`."""
    spans, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    return spans


#: Any code point but surrogates: what JSON and UTF-8 can carry.
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)

#: Characters that have been trouble: astral, combining, right to left, unspaced, invisible, of changing length when folded.
_TROUBLE = "e\u0301\u0323ßİŁœﬁ½Ⅻ🇮🇷👩‍🚒𝔸𐎠ـَّשָׁ中国かがガ한バก็ष्ट़\u00ad\u200b\u200f\u202e\ufeff\u00a0\u2028\x00\x0b\U000e0041'’«»\"“”-–…0123٣५３.,\n\r\t {}<|>[]/\\"

troublesome = st.text(st.sampled_from(_TROUBLE), max_size=60)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw a text of sentences in several scripts and of trouble, with at least one letter."""
    pieces = draw(st.lists(st.one_of(st.sampled_from([*SENTENCES.values()]), troublesome, anything), max_size=4))
    return draw(st.sampled_from([" ", "\n", "\n\n", ""])).join([*pieces, draw(st.sampled_from([*SENTENCES.values()]))])


@st.composite
def quotes(draw: st.DrawFn, text: str) -> str:
    """Draw whole words of `text`, any stretch of it, or words that need not be in it."""
    first, second = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    words = words_of(text) or [(0, len(text))]
    start, end = draw(st.tuples(st.integers(0, len(words) - 1), st.integers(0, 12)))
    whole = text[words[start][0] : words[min(start + end, len(words) - 1)][1]]
    return draw(st.sampled_from([whole, whole, whole, text[first:second], draw(anything)]))


#: What a model may say of a time, true or not.
TIMES = [
    DateTime(kind="date", bound="since", when="past", date="2023-10-07", part=None, clock=None),
    DateTime(kind="date", bound="in", when="future", date="XXXX-02-30", part="end", clock="23:59"),
    WindowTime(kind="window", when="future", count=48, unit="hour"),
    EventTime(kind="event"),
]


@st.composite
def drafts(draw: st.DrawFn, text: str) -> Draft:
    """Draw a draft about `text`, true or not."""
    words = quotes(text)
    few, maybe = st.lists(words, max_size=2), st.none() | words
    of = {
        "actors": st.builds(
            ActorDraft, name=words, kind=st.sampled_from(ActorKind), country=st.none() | st.sampled_from(["FRA", "XXX", ""]), part_of=maybe, aliases=few
        ),
        "targets": st.builds(
            TargetDraft,
            name=words,
            category=st.sampled_from(["military", "government", "military_and_government", "civilian", "other"]),
            kind=st.sampled_from(TargetKind),
            status=st.sampled_from(["threatened", "attacked", "spared"]),
            place=maybe,
            owner=maybe,
            by=maybe,
            when=maybe,
        ),
        "timelines": st.builds(TimelineDraft, expression=words, direction=st.sampled_from(Direction), event=anything, time=st.none() | st.sampled_from(TIMES)),
        "threats": st.builds(
            ThreatDraft,
            quote=words,
            by=few,
            against=few,
            basis=st.sampled_from(ThreatBasis),
            asserted_by=few,
            reported_by=few,
            kind=st.sampled_from(ThreatKind),
            stage=st.sampled_from(ThreatStage),
            means=st.lists(st.sampled_from(Means), max_size=3),
            action=anything,
            condition=maybe,
            likelihood=maybe,
            when=maybe,
        ),
        "commitments": st.builds(
            CommitmentDraft,
            quote=words,
            speakers=few,
            on_behalf_of=few,
            beneficiaries=few,
            kind=st.sampled_from(CommitmentKind),
            polarity=st.sampled_from(Polarity),
            commitment=anything,
            direct_quote=maybe,
            condition=maybe,
            when=maybe,
        ),
    }
    return Draft(**{name: draw(st.lists(entries, max_size=3)) for name, entries in of.items()})  # type: ignore[arg-type]
