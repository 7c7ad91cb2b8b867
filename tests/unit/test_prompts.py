"""The prompt files: that their worked examples are right."""

from typing import Any

import pytest
import regex

from prompts import read_prompt
from schemas.draft import Draft
from schemas.vocabulary import CountryBasis, Match, Section
from service.extraction.pipeline import PROMPT
from service.extraction.places import country
from service.extraction.prompting import load
from service.extraction.quotes.alignment import FoldedText
from service.models.embedded import PROFILE
from tests.unit.extraction.extraction_parts import prepared_from, record_from

EXAMPLES = load(PROMPT).examples
#: Fields of each section that are copied from the passage.
COPIED: tuple[str, ...] = (
    "name",
    "quote",
    "expression",
    "place",
    "owner",
    "by",
    "against",
    "asserted_by",
    "reported_by",
    "speakers",
    "on_behalf_of",
    "beneficiaries",
)
COPIED += ("condition", "likelihood", "direct_quote", "when", "part_of", "aliases")


def draft_in(answer: dict[str, Any]) -> Draft:
    """Return the part of an example's answer that is a draft."""
    return Draft.model_validate({section: answer[section] for section in Section})


def copied(draft: Draft) -> list[str]:
    """Return all that an answer claims to have copied."""
    entries = [entry.model_dump(mode="json") for section in Section for entry in getattr(draft, section)]
    values = [entry[name] for entry in entries for name in COPIED if entry.get(name)]
    return [word for value in values for word in (value if isinstance(value, list) else [value])]


def test_a_prompt_that_is_not_there() -> None:
    """Only prompts that are there can be read."""
    with pytest.raises(FileNotFoundError):
        read_prompt("extract.v0")


def test_the_prompt_has_all_its_parts() -> None:
    """Instructions, the fence, a question a section, the re-ask, and several examples in at least two languages."""
    prompt = load(PROMPT)

    assert {"system", "article", "ask again", *(f"ask {section}" for section in Section)} <= {*prompt.parts}
    assert all(f"{{{name}}}" in prompt.parts["article"] for name in ("fence", "context", "text"))
    assert "{faults}" in prompt.parts["ask again"]
    assert len(prompt.examples) >= 3
    assert len({prepared_from(passage).language for passage, _ in prompt.examples}) >= 2


@pytest.mark.parametrize(("passage", "answer"), EXAMPLES)
def test_examples_copy_letter_by_letter(passage: str, answer: dict[str, Any]) -> None:
    """Every name, quote and time of an example stands in its passage, exactly, as whole words."""
    folded = FoldedText(passage)

    for words in copied(draft_in(answer)):
        match = folded.align(words)
        assert match, words
        assert match.match == Match.EXACT, words


@pytest.mark.parametrize(("passage", "answer"), EXAMPLES)
def test_examples_name_no_real_country(passage: str, answer: dict[str, Any]) -> None:
    """A model that copies from an example cannot make a false statement about a country that there is."""
    names = {*copied(draft_in(answer)), *regex.findall(r"\b\p{Lu}\p{L}+", passage)}

    assert not [name for name in names for language in ("en", "fr", "es", "de", "it", "pt") if country(name, None, language)[1] == CountryBasis.VERIFIED]
    assert not [entry.country for entry in draft_in(answer).actors if entry.country]


@pytest.mark.parametrize(("passage", "answer"), EXAMPLES)
def test_examples_pass_every_check(passage: str, answer: dict[str, Any]) -> None:
    """An example becomes a record in which all is proven and linked; only what is civilian or spared is refused."""
    draft = draft_in(answer)
    record = record_from(passage, *(entry for section in Section for entry in getattr(draft, section)))

    assert {one.reason for one in record.rejected} <= {"civilian", "negated"}
    assert len(record.actors) == len(draft.actors)
    assert len(record.threats) == len(draft.threats)


def test_examples_show_every_list_full_and_empty() -> None:
    """Each list is shown with entries and, but for the actors and times of which there are always some, without."""
    drafts = [draft_in(answer) for _, answer in EXAMPLES]

    assert all(any(getattr(draft, section) for draft in drafts) for section in Section)
    assert all(any(not getattr(draft, section) for draft in drafts) for section in (Section.TARGETS, Section.THREATS, Section.COMMITMENTS))


def test_examples_keep_to_the_caps() -> None:
    """No example shows the embedded model more rows than it may write."""
    assert all(len(answer[section]) <= PROFILE.row_caps[section] for _, answer in EXAMPLES for section in Section)
