"""A conversation about one piece of an article: each question in the light of the answers before it, asked once more at most where the answer cannot be used.

What looks through the article runs beside the event loop: of a long one it takes a second and more, which other callers need not wait for.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from json import JSONDecodeError
from typing import Any, cast

import instructor
from instructor.core import InstructorRetryException, ResponseParsingError
from openai.lib._pydantic import to_strict_json_schema
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from schemas.draft import draft_of, response_of
from schemas.vocabulary import Section
from service.errors import ModelOutputInvalid, VigieError
from service.extraction import forms, prompting
from service.extraction.answers import settled
from service.extraction.beside import Beside
from service.extraction.candidates.finding import Candidates, words_within
from service.extraction.chunking import Chunk
from service.extraction.following import Unfinished, partial_draft
from service.extraction.grammar import Quotable, grammar
from service.extraction.preparing import Prepared
from service.extraction.provisional import Provisional
from service.extraction.tally import Tally
from service.extraction.times import time_words
from service.models.base import Model, ModelCall, OutputMode
from service.models.budget import Budget
from service.models.spending import Spending

_MODES = {OutputMode.JSON_SCHEMA: instructor.Mode.JSON_SCHEMA, OutputMode.TOOLS: instructor.Mode.TOOLS, OutputMode.JSON: instructor.Mode.JSON}
#: What Instructor raises of an answer that it cannot take apart, beyond a draft that does not fit.
_UNREADABLE = (ResponseParsingError, JSONDecodeError)
#: The sections whose rows point to a quote by its first words.
_QUOTED = frozenset({Section.THREATS, Section.COMMITMENTS})
#: Most actors that an entry may be told of: the last that were found.
_MAX_ACTORS = 40
#: Most rows that the model may add to those of the candidates, where code is known to overlook some.
_FREE_ROWS: Mapping[Section, int] = {Section.ACTORS: 4}
#: Most faults that one re-ask names.
_MAX_FAULTS = 10

#: Given the draft of a chunk, the pointers and codes of the quotes in it that are not in the text.
FindFaults = Callable[[BaseModel, Chunk], list[str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What all conversations about one article have in common."""

    prepared: Prepared
    sections: Sequence[Section]
    model: Model
    prompt: prompting.Prompt
    find_faults: FindFaults
    budget: Budget
    spending: Spending
    candidates: Candidates
    tally: Tally
    #: Takes what is written while it is being written, if anybody wants to know.
    provisional: Provisional | None = None
    #: Does what looks through the article.
    beside: Beside = asyncio.to_thread


class Conversation:
    """The conversation about one chunk."""

    def __init__(self, reading: Reading, chunk: Chunk, earlier: Sequence[tuple[str, str]] = ()) -> None:
        """Begin with nothing asked.

        Args:
            reading: What it has in common with others.
            chunk: The piece that it is about.
            earlier: What is to be known of the article before it, by name.
        """
        self._reading, self._tally, self._chunk = reading, reading.tally, chunk
        #: Re-asks that are left; and the spare calls of this piece alone, so that pieces that are read side by side take nothing from each other.
        self._reasks, self._budget = 1, replace(reading.budget)
        self._profile = reading.model.profile
        self._messages: tuple[prompting.Message, ...] = prompting.prefix(reading.prompt, reading.sections, self._profile)
        self._shared = len(self._messages)
        #: The last call, its answer, and what it was about: no part of the messages before there is another call.
        self._last: tuple[ModelCall, BaseModel, Sequence[Section]] | None = None
        self._opening = prompting.fenced(reading.prompt, chunk.text, reading.prepared.article, reading.prepared.published, earlier)
        self._times = time_words(chunk.text, reading.prepared.language) if self._profile.rows else []

    async def ask(self, group: Sequence[Section]) -> BaseModel | None:
        """Return the draft of a group of sections, or None if there can be nothing in it."""
        # Rows have a grammar of the words of the piece. Nothing else looks through it, and a thread would be another queue to stand in.
        call = await self._reading.beside(self._call, group) if self._profile.rows else self._call(group)
        if call is None:
            return None
        try:
            answer = await self._usable(call, group)
        except (VigieError, asyncio.CancelledError):
            self._forget(group)
            raise
        if self._reading.provisional:
            self._reading.provisional.write(self._chunk, group, answer)
        self._remember(call, answer, group)
        return answer

    async def _usable(self, call: ModelCall, group: Sequence[Section]) -> BaseModel:
        """Return the answer to a call, or to the same call once more if the first is of little use."""
        answer: BaseModel | None = None
        try:
            answer = await self._answer(call, group)
            faults = await self._faults(answer) if self._profile.reask_quotes else []
        except ValidationError as error:
            faults = _faults_of(error)
        if faults and self._reasks > 0 and self._budget.take():
            self._reasks -= 1
            self._forget(group)
            better = await self._better(call, group, answer, faults)
            if better is answer:
                self._forget(group)  # of the second answer
            answer = better
        if answer is None:
            raise ModelOutputInvalid
        return answer

    def _forget(self, group: Sequence[Section]) -> None:
        """Tell that what is written of a group of sections is written once more, or not at all."""
        if self._reading.provisional:
            self._reading.provisional.forget(self._chunk, group)

    async def _better(self, call: ModelCall, group: Sequence[Section], first: BaseModel | None, faults: list[str]) -> BaseModel | None:
        """Ask once more; return the second answer if it is the better one, else the first."""
        reask = replace(call, messages=(*call.messages, prompting.again(self._reading.prompt, faults[:_MAX_FAULTS])))
        try:
            second = await self._answer(reask, group)
        except ValidationError:
            return first
        except VigieError:
            if first is None:
                raise
            return first
        return second if first is None or len(await self._faults(second)) < len(faults) else first

    async def _faults(self, answer: BaseModel) -> list[str]:
        return await self._reading.beside(self._reading.find_faults, answer, self._chunk)

    def _call(self, group: Sequence[Section]) -> ModelCall | None:
        self._carry_on()
        user = {"role": "user", "content": self._opening + prompting.question(self._reading.prompt, group, self._profile)}
        messages = (*self._messages, user)
        if self._profile.rows:
            words = self._quotable(group[0])
            rules = grammar(group[0], self._profile, words)
            # Rows that the grammar fixes may well begin alike, and the few that may follow them are sooner written than cut off.
            repeats = None if words.candidates else forms.repeats
            return ModelCall(messages, {"grammar": rules}, self._profile.max_completion_tokens, self._shared, repeats) if rules else None
        return ModelCall(messages, {}, self._profile.max_completion_tokens, self._shared)

    def _quotable(self, section: Section) -> Quotable:
        """Return the words that an answer about one section may take from the chunk."""
        pointed = self._pointed(section)
        known = [*self._tally.actors][-_MAX_ACTORS:] if Section.ACTORS in self._reading.sections else None
        if pointed is None:
            return Quotable(self._chunk.text, self._times, (), self._profile.row_caps[section], known)
        if len(pointed) > self._profile.row_caps[section]:
            self._tally.lacking["rows"].add(section)
        openings = [forms.opening(words) if section in _QUOTED else words for words in pointed]
        return Quotable(self._chunk.text, self._times, openings, _FREE_ROWS.get(section, 0), known)

    def _pointed(self, section: Section) -> list[str] | None:
        """Return the words that the first rows of an answer are about, None where the model looks for them itself."""
        spans = self._reading.candidates.get(section)
        if spans is None:
            return None
        named = self._tally.actors if section == Section.ACTORS else {}
        return [words for words in words_within(self._chunk, spans) if words not in named]

    async def _answer(self, call: ModelCall, group: Sequence[Section]) -> BaseModel:
        """Return the validated answer to one call.

        Raises:
            ValidationError: It does not fit the schema.
            ModelError: There is none.
        """
        sections = tuple(group)

        async def create(**kwargs: Any) -> ChatCompletion:  # noqa: ANN401 - whatever Instructor passes to an API
            """Stand between Instructor and the model: our own strict schema goes out, a settled answer comes back."""
            shape = call.shape or _shape(kwargs, sections)
            asked = replace(
                call, messages=tuple(kwargs["messages"]), shape=shape, budget=self._budget, spending=self._reading.spending, heard=self._follower(group)
            )
            completion = await self._reading.model.complete(asked)
            self._tally.calls += 1
            self._reading.spending.add(completion.usage)
            answer = settled(completion, self._profile.rows, group, self._pointed(group[0]) or ())
            if answer.ended_by != "itself":
                self._tally.lacking[answer.ended_by].update(group)
            return answer.completion

        ask = instructor.patch(create=create, mode=_MODES[self._reading.model.output_mode])
        try:
            # No `context`: Instructor would render the article as a template. No retries of its own: they would echo the article and the answer.
            # Instructor's types do not know that patching an async function gives one.
            answer: BaseModel = await cast(
                Any, ask(response_model=response_of(sections), messages=[dict(message) for message in call.messages], max_retries=0, strict=False)
            )
        except InstructorRetryException as error:
            cause = error.__cause__
            if isinstance(cause, _UNREADABLE):
                raise ModelOutputInvalid from None
            # Instructor wraps whatever happens; what is a fault of the model, of the way to it or of our own must stay what it is.
            raise (cause or ModelOutputInvalid()) from None
        return answer

    def _follower(self, group: Sequence[Section]) -> Callable[[str], None] | None:
        """Return what follows an answer while it is written, if anybody wants to know."""
        if self._reading.provisional is None:
            return None
        pointed = self._pointed(group[0]) or ()
        return Unfinished(self._reading.provisional, self._chunk, tuple(group), lambda text: partial_draft(text, group, self._profile.rows, pointed))

    def _remember(self, call: ModelCall, answer: BaseModel, group: Sequence[Section]) -> None:
        """Keep an answer, in the light of which the next section is read."""
        self._last = call, answer, group
        self._opening = ""
        self._tally.actors.update(dict.fromkeys(actor.name for actor in getattr(answer, Section.ACTORS, ())))

    def _carry_on(self) -> None:
        """Carry the conversation on after the last answer, so that the next call has the same prefix."""
        if self._last:
            call, answer, group = self._last
            written = forms.write(answer.model_dump(mode="json"), group, self._profile.rows)
            self._messages, self._last = (*call.messages, {"role": "assistant", "content": written}), None


def _shape(kwargs: dict[str, Any], sections: tuple[Section, ...]) -> dict[str, Any]:
    """Return how the answer is to be shaped on the wire. Instructor's own `json_schema` is not strict, so ours takes its place."""
    response_format = kwargs.get("response_format") or {}
    if response_format.get("type") == "json_schema":
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "draft", "strict": True, "schema": _schema(sections)}}}
    return {name: kwargs[name] for name in ("response_format", "tools", "tool_choice") if kwargs.get(name) is not None}


@cache
def _schema(sections: tuple[Section, ...]) -> Any:  # noqa: ANN401 - a JSON schema
    """Return the strict schema of a draft: the same for all calls, and dear to make."""
    return _without_defaults(to_strict_json_schema(draft_of(sections)))


def _without_defaults(schema: Any) -> Any:  # noqa: ANN401 - any part of a JSON schema
    """Return `schema` without defaults, which strict endpoints refuse: a model writes every field."""
    if isinstance(schema, dict):
        return {name: _without_defaults(part) for name, part in schema.items() if name != "default"}
    return [_without_defaults(part) for part in schema] if isinstance(schema, list) else schema


def _faults_of(error: ValidationError) -> list[str]:
    """Return where an answer does not fit, as pointers and codes that hold nothing of it."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    # The name of an unknown field is the model's own.
    places = [fault["loc"][:-1] if fault["type"] == "extra_forbidden" else fault["loc"] for fault in faults]
    return [f"/{'/'.join(map(str, place))}: {fault['type']}" for place, fault in zip(places, faults, strict=True)]
