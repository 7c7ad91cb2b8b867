"""Sieves: what a text is spared of because it cannot hold what is looked for changes nothing of what is found."""

from hypothesis import given
from hypothesis import strategies as st

from service.extraction.hostile import encoded, hidden_characters, instructions, rotated, unmasking
from service.extraction.hostile.rules import RULES
from service.extraction.judgement.phrases import NOTHING
from service.extraction.lexicons import lexicon
from tests.unit.extraction.extraction_parts import anything, texts, troublesome

PHRASES = sorted(
    {
        phrase.replace("_", " ").strip("*")
        for table in lexicon("instructions").values()
        for kind in table.values()
        if isinstance(kind, str)
        for phrase in kind.split()
    }
)
#: Texts that hold a part of what is looked for, and now and then all of it.
almost = st.lists(
    st.sampled_from(PHRASES) | st.sampled_from([". ", ", ", "a", "1", "ı", "İ", "\u200b", "\u0301", "Vell", "忽略", "ال", "x" * 70]), max_size=12
).map(" ".join)
masked = st.text(st.sampled_from("aAbo0135$@ .-_*яоαρé\u0301\u00ad軍Ⅴ"), max_size=30)
any_text = texts() | anything | troublesome | almost | masked


@given(almost | texts() | anything)
def test_c01_every_phrase_is_looked_up(text: str) -> None:
    """No word that opens a phrase is passed over because of the word behind it."""
    known, words = instructions._lexicon(), instructions._Words(instructions._lower(text))
    for at, (start, end) in enumerate(words.spans):
        word = words.text[start:end]
        followers = None if instructions._is_unspaced(word) else instructions._followers(word)
        if followers is not None and not (followers and words.has_next(at, followers)):
            assert not known.spaced.every(words, at)


@given(st.sets(st.sampled_from(sorted({kind for table in lexicon("instructions").values() for kind in table} - {NOTHING, "marked"})), max_size=8))
def test_c01_a_sentence_is_dropped_only_without_a_rule(kinds: set[str]) -> None:
    """A sentence is not looked at further only if no rule could hold in it, whatever signs it has."""
    open_rules = any(rule.needed <= kinds | {"form", "link", "many", "picture"} for rule in RULES)

    assert instructions._can_talk(frozenset(kinds)) == (open_rules or bool(kinds & {"alone", "claim", "model"}))


@given(any_text)
def test_c12_the_case_of_plain_letters_alone_is_folded(text: str) -> None:
    """Each letter of ASCII is lower case, and all else as it was, in its place."""
    assert instructions._lower(text) == "".join(char.lower() if char.isascii() else char for char in text)


@given(any_text)
def test_c12_unseen_characters_are_all_seen(text: str) -> None:
    """A search of the whole text finds no run that is not told."""
    assert [*hidden_characters.unseen_runs(text)] == [run.span() for run in hidden_characters._UNSEEN_RUN.finditer(text)]


@given(any_text)
def test_c12_masks_are_all_taken_off(text: str) -> None:
    """Where a word is not looked at for a mask, there is none."""
    view = unmasking._MIXED.sub(lambda word: unmasking._in_one_script(word[0]), text)
    view = unmasking._DIGIT_FOR_LETTER.sub(lambda word: word[0].translate(unmasking._DIGITS), view)
    apart = {at for run in unmasking._APART.finditer(view) for at in range(run.start() + 1, run.end(), 2)}

    assert unmasking.unmasked(text, range(len(text)))[0] == "".join(char for at, char in enumerate(view) if at not in apart)


@given(any_text, st.text(st.sampled_from("aB9+/_- ="), max_size=90))
def test_c12_every_run_of_base64_has_a_long_word(text: str, run: str) -> None:
    """A text whose words are all short has no run of base64."""
    held = f"{text}{run}"

    assert not encoded._RUN.search(held) or any(len(word) >= encoded._LEAST_RUN for word in held.split())


@given(any_text, st.sampled_from(sorted(rotated._WORDS)), st.sampled_from(["", "ſ", "\u0301", " ", "é", "\u0345"]), st.sampled_from("iIİı"))
def test_c12_every_rotated_word_is_a_word(text: str, word: str, behind: str, letter: str) -> None:
    """A text in which none of the small words is spelt has no line in ROT13."""
    held = f"{text} {word.upper().replace('I', letter)}{behind} {text}"

    assert not rotated._ROTATED.search(held) or rotated._may_hold(held)
