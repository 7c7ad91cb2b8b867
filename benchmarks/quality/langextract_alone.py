"""langextract alone, as its own pages advise for an OpenAI-compatible server.

Runs in an environment of its own, `build/bench`, since what it needs does not go with what we need. Reads lines of JSON from standard input: first
`base_url`, `key` and `model`, then of each article `text` and `published`. Writes a line of JSON for each as soon as it is read: what was extracted, the calls
that this took, the seconds, and what went wrong.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

import httpx2
import langextract as lx
from langextract.core.base_model import BaseLanguageModel
from langextract.core.tokenizer import UnicodeTokenizer
from langextract.factory import ModelConfig, create_model
from openai import DefaultHttpxClient

Line = dict[str, Any]

#: Characters that are read at once: its default, which its pages advise for accuracy.
MAX_CHAR_BUFFER = 1_000
#: Most tokens about so many characters. Without a limit, an answer that repeats itself would go on until the context is full.
MAX_OUTPUT_TOKENS = 2_000
#: Longer than it takes to write so many.
_TIMEOUT_S = 1_800

DESCRIPTION = """\
Extract actors, threats, targets, timelines and commitments from a news article in any language, in order of appearance.

- actor: whoever acts, speaks, is threatened or is struck: states, governments, forces, armed groups, organisations, persons, unnamed sources.
- threat: harm that is still to come, declared by who would do it or assessed by others. An attack that is over, a denial or a hypothesis is no threat.
- target: a thing or person that may be struck or was struck. Its category is military, government (police, courts, officials, diplomats) or civilian. \
Countries, towns and armed groups are no targets.
- timeline: an expression of time that dates an event. start and end are the first and last day that it can mean, reckoned from the date of publication.
- commitment: what someone says that it will or will not do: help, defence, retaliation, restraint, talks, withdrawal. A demand, an opinion or a fact is none.

Use the exact words of the text for extractions, in its own language. Do not paraphrase. Extract each thing once."""


def _extraction(extraction_class: str, words: str, **attributes: Any) -> lx.data.Extraction:  # noqa: ANN401 - JSON
    return lx.data.Extraction(extraction_class, words, attributes=attributes)


EXAMPLES = [
    lx.data.ExampleData(
        text=(
            "TELN, 12 May 2026 - Marovia's army warned on Monday that it would shell the police station in Teln unless Tresia withdrew its troops by 20 May. "
            "“Not one house will be touched,” General Ilan Dorst said."
        ),
        extractions=[
            _extraction("actor", "Marovia's army", kind="armed_forces"),
            _extraction("timeline", "on Monday", start="2026-05-11", end="2026-05-11", direction="past"),
            _extraction(
                "threat",
                "it would shell the police station in Teln unless Tresia withdrew its troops by 20 May",
                by=["Marovia's army"],
                against=["Tresia"],
                kind="violence",
                basis="declared",
                condition="Tresia withdrew its troops by 20 May",
            ),
            _extraction("target", "the police station in Teln", category="government", status="threatened"),
            _extraction("actor", "Tresia", kind="state"),
            _extraction("timeline", "by 20 May", start=None, end="2026-05-20", direction="future"),
            _extraction("commitment", "Not one house will be touched", speakers=["General Ilan Dorst"], polarity="will", kind="restraint"),
            _extraction("actor", "General Ilan Dorst", kind="person"),
        ],
    ),
    lx.data.ExampleData(
        text=(
            "SELM, 12 de mayo de 2026 - Hace una semana, los drones de Marovia alcanzaron un depósito de municiones cerca de Selm y mataron a un panadero. "
            "El gobierno de Norvia prometió radares a Tresia, pero descartó enviar soldados."
        ),
        extractions=[
            _extraction("timeline", "Hace una semana", start="2026-05-05", end="2026-05-05", direction="past"),
            _extraction("actor", "Marovia", kind="state"),
            _extraction("target", "un depósito de municiones cerca de Selm", category="military", status="attacked"),
            _extraction("target", "un panadero", category="civilian", status="attacked"),
            _extraction("actor", "El gobierno de Norvia", kind="government"),
            _extraction("commitment", "prometió radares a Tresia", speakers=["El gobierno de Norvia"], polarity="will", kind="support_military"),
            _extraction("commitment", "descartó enviar soldados", speakers=["El gobierno de Norvia"], polarity="will_not", kind="support_military"),
        ],
    ),
    lx.data.ExampleData(
        text=(
            "BERLIN, 12. Mai 2026 - Laut westlichen Diplomaten droht dem Parlament von Tresia in den kommenden Tagen ein Cyberangriff des Levante-Bundes. "
            "Die Märkte schlossen fester."
        ),
        extractions=[
            _extraction("actor", "westlichen Diplomaten", kind="unnamed_source"),
            _extraction(
                "threat",
                "droht dem Parlament von Tresia in den kommenden Tagen ein Cyberangriff des Levante-Bundes",
                by=["Levante-Bundes"],
                against=["Tresia"],
                kind="violence",
                basis="assessed",
                condition=None,
            ),
            _extraction("target", "dem Parlament von Tresia", category="government", status="threatened"),
            _extraction("timeline", "in den kommenden Tagen", start="2026-05-12", end="2026-05-26", direction="future"),
            _extraction("actor", "Levante-Bundes", kind="armed_group"),
        ],
    ),
]


def _one_of(values: str) -> Line:
    return {"type": "string", "enum": values.split()}


_WORDS: Line = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_NAMES: Line = {"type": "array", "items": {"type": "string"}, "maxItems": 4}
#: Of each class, its attributes.
ATTRIBUTES: dict[str, dict[str, Line]] = {
    "actor": {"kind": _one_of("state government armed_forces armed_group party organisation company person unnamed_source other")},
    "threat": {
        "by": _NAMES,
        "against": _NAMES,
        "kind": _one_of("violence territory restrict arrest relations expel ultimatum other"),
        "basis": _one_of("declared assessed"),
        "condition": _WORDS,
    },
    "target": {"category": _one_of("military government civilian"), "status": _one_of("threatened attacked")},
    "timeline": {"start": _WORDS, "end": _WORDS, "direction": _one_of("past present future")},
    "commitment": {
        "speakers": _NAMES,
        "polarity": _one_of("will will_not"),
        "kind": _one_of(
            "support_military support_diplomatic support_economic support_humanitarian defence retaliation restraint negotiation ceasefire withdrawal release "
            "delivery reform other"
        ),
    },
}
#: The shape of the examples with closed sets, for which its pages advise a schema of one's own.
SCHEMA = lx.schema.extractions_schema(*(lx.schema.extraction_item_schema(name, attributes=attributes) for name, attributes in ATTRIBUTES.items()))


def main() -> None:
    """Read articles until there are no more."""
    # What is written for people, by anyone, must not stand between the lines of JSON.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    config = json.loads(sys.stdin.buffer.readline())
    calls: list[Line] = []
    model = _model(config, calls)
    for line in sys.stdin.buffer:
        calls.clear()
        answers.write(json.dumps(_read(model, json.loads(line)) | {"calls": calls}) + "\n")
        answers.flush()


def _read(model: BaseLanguageModel, article: Mapping[str, Any]) -> Line:
    """Return what is in an article, or what kept from reading it."""
    published = article["published"]
    started = time.perf_counter()
    failure, extractions = None, []
    try:
        document = lx.extract(
            article["text"],
            prompt_description=DESCRIPTION,
            examples=EXAMPLES,
            model=model,
            max_char_buffer=MAX_CHAR_BUFFER,
            additional_context=f"The article was published on {published}." if published else None,
            # Its pages advise it for languages that write no spaces; it is right for the others as well.
            tokenizer=UnicodeTokenizer(),
            show_progress=False,
        )
    except lx.exceptions.LangExtractError as fault:
        failure = type(fault).__name__
    else:
        extractions = [_line(one) for one in document.extractions or ()]
    return {"extractions": extractions, "seconds": time.perf_counter() - started, "failure": failure}


def _line(one: lx.data.Extraction) -> Line:
    place = one.char_interval
    return {
        "class": one.extraction_class,
        "text": one.extraction_text,
        "span": (place.start_pos, place.end_pos) if place else None,
        "attributes": one.attributes or {},
    }


def _model(config: Mapping[str, str], calls: list[Line]) -> BaseLanguageModel:
    """Return the model that `config` names, held to the schema; each of its calls joins `calls`."""

    def note(reply: httpx2.Response) -> None:
        reply.read()
        completion = reply.json()
        calls.append({"usage": completion.get("usage"), "finish_reason": completion["choices"][0]["finish_reason"]} if reply.is_success else {})

    provider = {
        "api_key": config["key"],
        "base_url": config["base_url"],
        "temperature": 0.0,
        "max_output_tokens": MAX_OUTPUT_TOKENS,
        # The engine answers one call at a time.
        "max_workers": 1,
    }
    model = create_model(ModelConfig(model_id=config["model"], provider="openai", provider_kwargs=provider), output_schema=SCHEMA)
    # It tells nobody how many tokens it takes; the replies do. No proxy of the environment: the engine is on this machine.
    client = DefaultHttpxClient(event_hooks={"response": [note]}, trust_env=False)
    model._client = model._client.with_options(http_client=client, timeout=_TIMEOUT_S, max_retries=0)  # noqa: SLF001 - it takes no client
    return model


if __name__ == "__main__":
    main()
