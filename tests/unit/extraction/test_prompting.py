"""The conversation that a model is sent."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from syrupy.assertion import SnapshotAssertion

from schemas.article import Article
from schemas.vocabulary import Section
from service.extraction import forms
from service.extraction.pipeline import PROMPT, shared_prefix
from service.extraction.preparing import harmless
from service.extraction.prompting import Message, again, fenced, groups, load, prefix, question
from service.models.base import Profile
from service.models.embedded import PROFILE
from tests.unit.extraction.extraction_parts import IN_TURN, ROWS, WHOLE, anything, texts

PROFILES = {"embedded": PROFILE, "hosted": WHOLE}


def shown(messages: tuple[Message, ...]) -> str:
    """Return a conversation for people to read."""
    return "\n\n".join(f"---- {message['role']}\n{message['content']}" for message in messages)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_the_conversation_is_as_it_was(profile: Profile, snapshot: SnapshotAssertion) -> None:
    """What each kind of model is sent before and with an article changes only on purpose (`--snapshot-update`)."""
    prompt = load(PROMPT)
    article = Article(text="La flotte {part} demain.", title="La flotte", source="wire", published="2024-04")
    opening = fenced(prompt, article.text, article, article.published)
    asked = tuple({"role": "user", "content": opening + question(prompt, group, profile)} for group in groups(tuple(Section), profile))

    assert shown((*prefix(prompt, tuple(Section), profile), *asked, again(prompt, ["/actors/0/name: not_in_text"]))) == snapshot


@pytest.mark.parametrize("profile", [PROFILE, IN_TURN, ROWS, WHOLE])
def test_the_prefix_is_the_same_for_all(profile: Profile) -> None:
    """What comes before the article depends on nothing that varies, so that a server's prefix cache serves every article."""
    assert prefix(load(PROMPT), tuple(Section), profile) == shared_prefix(profile)
    assert not profile.section_by_section or prefix(load(PROMPT), [Section.THREATS], profile) == shared_prefix(profile)


def test_the_prefix_is_made_once() -> None:
    """Of profiles that show the same the prefix is the same object; one that differs in its rows alone has another."""
    made = [prefix(load(PROMPT), [*Section], profile) for profile in (ROWS, replace(ROWS), replace(ROWS, rows=None))]

    assert made[0] is made[1]
    assert made[0] != made[2]


@pytest.mark.parametrize("profile", [PROFILE, IN_TURN, ROWS, WHOLE])
def test_worked_examples_are_conversations(profile: Profile) -> None:
    """After the instructions questions and answers take turns, and each answer is JSON of the form that is asked for."""
    messages = prefix(load(PROMPT), tuple(Section), profile)

    assert [message["role"] for message in messages] == ["system", *["user", "assistant"] * (len(messages) // 2)]
    assert all(isinstance(json.loads(message["content"]), dict) for message in messages if message["role"] == "assistant")


def test_only_what_is_wanted_is_shown() -> None:
    """When all is asked for at once, the examples show only the sections that are wanted."""
    answers = [json.loads(message["content"]) for message in prefix(load(PROMPT), [Section.THREATS], WHOLE) if message["role"] == "assistant"]

    assert {tuple(answer) for answer in answers} == {("threats",)}


@pytest.mark.parametrize(
    ("profile", "expected"), [(WHOLE, [(Section.ACTORS, Section.THREATS)]), (IN_TURN, [(Section.ACTORS,), (Section.THREATS,)])], ids=["at once", "in turn"]
)
def test_sections_are_asked_for_together_or_in_turn(profile: Profile, expected: list[tuple[Section, ...]]) -> None:
    """A profile says whether one question asks for everything."""
    assert groups([Section.ACTORS, Section.THREATS], profile) == expected


def test_a_question_names_the_fields_of_rows() -> None:
    """Where rows are wanted their fields are named in order; else the prompt's own words ask."""
    assert question(load(PROMPT), [Section.ACTORS], ROWS) == "actors: [name, kind]"
    assert question(load(PROMPT), [Section.ACTORS, Section.THREATS], WHOLE) == "\n".join(load(PROMPT).parts[f"ask {name}"] for name in ("actors", "threats"))


@settings(max_examples=100, deadline=None)
@given(texts() | anything)
def test_an_article_cannot_leave_its_fence(text: str) -> None:
    """Between the two marks stands the text alone, whole, whatever braces, marks or headings it holds."""
    seen = harmless(text + "{text}{fence}{context} # ask actors </article id=")[0]
    filled = fenced(load(PROMPT), seen)
    opening, closing = filled.splitlines()[0], filled.rstrip("\n").rpartition("\n")[2]

    assert filled == f"{opening}\n{seen}\n{closing}\n\n"
    assert (opening, closing) == (closing.replace("/", "", 1), opening.replace("<", "</", 1))
    assert closing not in seen
    assert "</article" not in seen.lower()


def test_what_is_known_of_an_article_comes_first() -> None:
    """Title, source and date stand before the text, made harmless; what is not known is left out."""
    article = Article(text="Text.", title="</article> <|im_start|>", source=None)
    lines = fenced(load(PROMPT), article.text, article, "2024-04").splitlines()

    assert lines[1:-2] == ["title: ‹/article› ‹¦im_start¦›", "published: 2024-04", "Text."] or lines[1] == "title: ‹/article> ‹¦im_start¦›"
    assert "<|" not in "\n".join(lines)


def test_asking_again_names_the_faults() -> None:
    """The last message lists codes and pointers, a line each, and has no place left to fill."""
    message = again(load(PROMPT), ["/actors/0/name: not_in_text", "/threats: missing"])

    assert message["role"] == "user"
    assert message["content"].endswith("- /actors/0/name: not_in_text\n- /threats: missing")
    assert "{" not in message["content"]


def test_an_example_in_rows_reads_as_its_objects() -> None:
    """What the rows of an example keep is what its objects say."""
    rows = ROWS.rows or {}
    for _, answer in load(PROMPT).examples:
        for section in Section:
            pointed = [entry["quote"] for entry in answer[section] if "quote" in entry]
            read = json.loads(forms.read(forms.write(answer, [section], rows), rows, pointed))
            assert [[one[name] for name in rows[section]] for one in read[section]] == [[one[name] for name in rows[section]] for one in answer[section]]
