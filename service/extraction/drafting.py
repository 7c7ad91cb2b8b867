"""Drafting: the model reads the article, piece by piece, and writes what it finds. The only stage that waits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import instructor
from instructor.core import InstructorRetryException
from openai.lib._pydantic import to_strict_json_schema
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from schemas.draft import draft_of
from schemas.record import Usage, Warning
from schemas.vocabulary import Section
from service.errors import ModelOutputInvalid, VigieError
from service.extraction import forms, prompting
from service.extraction.answers import settled
from service.extraction.chunking import Chunk
from service.extraction.grammar import grammar
from service.extraction.preparing import Prepared
from service.extraction.times import time_words
from service.models.base import Model, ModelCall, OutputMode

_MODES = {OutputMode.JSON_SCHEMA: instructor.Mode.JSON_SCHEMA, OutputMode.TOOLS: instructor.Mode.TOOLS, OutputMode.JSON: instructor.Mode.JSON}
#: Most faults that one re-ask names.
_MAX_FAULTS = 10

#: Given the draft of a chunk, the pointers and codes of the quotes in it that are not in the text.
FindFaults = Callable[[BaseModel, Chunk], list[str]]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a model wrote about an article, unproven: one draft a call, each with the chunk that it is about."""

    drafts: tuple[tuple[Chunk, BaseModel], ...]
    calls: int
    usage: Usage
    warnings: tuple[Warning, ...]


@dataclass
class _Tally:
    """What the calls for one article have cost so far."""

    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    #: Re-asks that are left.
    reasks: int = 1
    cut: set[str] = field(default_factory=set)

    def add(self, completion: ChatCompletion) -> None:
        """Count one call. Endpoints that report no usage, or a negative one, count as nothing."""
        self.calls += 1
        usage = completion.usage
        if usage:
            details = usage.prompt_tokens_details
            self.prompt_tokens += max(usage.prompt_tokens or 0, 0)
            self.cached_tokens += max((details.cached_tokens if details else 0) or 0, 0)
            self.completion_tokens += max(usage.completion_tokens or 0, 0)


async def draft(prepared: Prepared, chunks: Sequence[Chunk], sections: Sequence[Section], model: Model, prompt: prompting.Prompt, find_faults: FindFaults) -> Drafted:
    """Return what `model` writes about each of the `chunks`.

    One more question at most is asked for the whole article: where an answer does not fit the schema, or where quotes are not in the text and the model's
    profile says that asking again helps.

    Raises:
        ModelError: There was no answer, or none that fits.
    """
    tally = _Tally()
    drafts: list[tuple[Chunk, BaseModel]] = []
    for chunk in chunks:
        reader = _Reader(prepared, chunk, sections, model, prompt, tally)
        for group in prompting.groups(sections, model.profile):
            answer = await reader.ask(group, find_faults)
            if answer is not None:
                drafts.append((chunk, answer))
    usage = Usage(prompt_tokens=tally.prompt_tokens, cached_tokens=tally.cached_tokens, completion_tokens=tally.completion_tokens, cost_usd=None)
    return Drafted(tuple(drafts), tally.calls, usage, tuple(_cut_warning(section) for section in sections if section in tally.cut))


class _Reader:
    """The conversation about one chunk."""

    def __init__(self, prepared: Prepared, chunk: Chunk, sections: Sequence[Section], model: Model, prompt: prompting.Prompt, tally: _Tally) -> None:
        self._chunk, self._model, self._prompt, self._tally = chunk, model, prompt, tally
        self._messages = list(prompting.prefix(prompt, sections, model.profile))
        self._opening = prompting.fenced(prompt, chunk.text, prepared.article, prepared.published)
        self._times = time_words(chunk.text, prepared.language) if model.profile.rows else []

    async def ask(self, group: Sequence[Section], find_faults: FindFaults) -> BaseModel | None:
        """Return the draft of a group of sections, or None if there can be nothing in it."""
        call = self._call(group)
        if call is None:
            return None
        try:
            answer = await self._answer(call, group)
            faults = find_faults(answer, self._chunk) if self._model.profile.reask_quotes else []
        except ValidationError as error:
            answer, faults = None, _faults_of(error)
        if faults and self._tally.reasks > 0:
            self._tally.reasks -= 1
            second = await self._second(call, group, faults)
            if answer is None or (second is not None and len(find_faults(second, self._chunk)) < len(faults)):
                answer = second
        if answer is None:
            raise ModelOutputInvalid
        self._remember(call, answer, group)
        return answer

    async def _second(self, call: ModelCall, group: Sequence[Section], faults: list[str]) -> BaseModel | None:
        reask = replace(call, messages=(*call.messages, prompting.again(self._prompt, faults[:_MAX_FAULTS])))
        try:
            return await self._answer(reask, group)
        except ValidationError:
            return None

    def _call(self, group: Sequence[Section]) -> ModelCall | None:
        profile = self._model.profile
        user = {"role": "user", "content": self._opening + prompting.question(self._prompt, group, profile)}
        messages = (*self._messages, user)
        if profile.rows:
            rules = grammar(group, profile.rows, profile.row_caps, self._chunk.text, self._times)
            return ModelCall(messages, {"grammar": rules}, profile.max_completion_tokens, forms.repeats) if rules else None
        return ModelCall(messages, {}, profile.max_completion_tokens)

    async def _answer(self, call: ModelCall, group: Sequence[Section]) -> BaseModel:
        """Return the validated answer to one call.

        Raises:
            ValidationError: It does not fit the schema.
            ModelError: There is none.
        """
        response_model = draft_of(tuple(group))

        async def create(**kwargs: Any) -> ChatCompletion:
            """Stand between Instructor and the model: our own strict schema goes out, a settled answer comes back."""
            completion = await self._model.complete(replace(call, messages=tuple(kwargs["messages"]), shape=call.shape or _shape(kwargs, response_model)))
            self._tally.add(completion)
            settled_completion, is_cut = settled(completion, self._model.profile.rows)
            if is_cut:
                self._tally.cut.update(group)
            return settled_completion

        ask = instructor.patch(create=create, mode=_MODES[self._model.output_mode])
        try:
            # No `context`: Instructor would render the article as a template. No retries of its own: they would echo the article and the answer.
            return await ask(response_model=response_model, messages=[dict(message) for message in call.messages], max_retries=0, strict=False)  # type: ignore[no-any-return,call-overload]
        except InstructorRetryException as error:
            cause = error.__cause__
            if isinstance(cause, VigieError | ValidationError):
                raise cause from None
            raise ModelOutputInvalid from None

    def _remember(self, call: ModelCall, answer: BaseModel, group: Sequence[Section]) -> None:
        """Carry the conversation on, so that the next section is read in the light of this one and of the same prefix."""
        written = forms.write(answer.model_dump(mode="json"), group, self._model.profile.rows)
        self._messages = [*call.messages, {"role": "assistant", "content": written}]
        self._opening = ""


def _shape(kwargs: dict[str, Any], response_model: type[BaseModel]) -> dict[str, Any]:
    """Return how the answer is to be shaped on the wire. Instructor's own `json_schema` is not strict, so ours takes its place."""
    response_format = kwargs.get("response_format") or {}
    if response_format.get("type") == "json_schema":
        schema = to_strict_json_schema(response_model)
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "draft", "strict": True, "schema": schema}}}
    return {name: kwargs[name] for name in ("response_format", "tools", "tool_choice") if kwargs.get(name) is not None}


def _faults_of(error: ValidationError) -> list[str]:
    """Return where an answer does not fit, as pointers and codes that hold nothing of it."""
    return [f"/{'/'.join(map(str, fault['loc']))}: {fault['type']}" for fault in error.errors(include_url=False, include_context=False, include_input=False)]


def _cut_warning(section: Section) -> Warning:
    return Warning(code="answer_cut_off", detail=f"The answer about {section} ended before its end; the entries up to there were read.", start=None, end=None)
