"""Where quotes are found, where they are not, and that every span is true."""

import json
import random
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.vocabulary import Match as MatchKind
from service.extraction.quotes.alignment import FoldedText, align, folded
from service.extraction.quotes.guards import same_numbers
from tests.unit.extraction.cost_parts import held_back
from tests.unit.extraction.extraction_parts import SENTENCES, anything, quotes, texts, words_of
from tests.unit.extraction.quotes.quote_parts import TEXTS, nobody_said, typed_otherwise

SHARED = Path(__file__).parents[5] / "shared" / "cases" / "align_cases.json"

#: A text, a quote of it, and the words of the text that prove it.
FOUND = {
    "verbatim": ("Valmer will not yield.", "will not yield", "will not yield"),
    "apostrophe": ("L’armée d’Orlane avance.", "l'armée d'Orlane", "L’armée d’Orlane"),
    "case": ("VALMER WARNS Kestria", "Valmer warns Kestria", "VALMER WARNS Kestria"),
    "accents lost": ("Le général Béart a cédé.", "le general Beart a cede", "Le général Béart a cédé"),
    "accents gained": ("Le general Beart a cede.", "Le général Béart", "Le general Beart"),
    "composed": ("Le ge\u0301ne\u0301ral Be\u0301art", "général Béart", "ge\u0301ne\u0301ral Be\u0301art"),
    "decomposed": ("Le général Béart", "ge\u0301ne\u0301ral", "général"),
    "no-break space": ("« Jamais », a-t-il\u00a0dit.", "a-t-il dit", "a-t-il\u00a0dit"),
    "narrow thousands": ("mobilise 33\u202f000 marins", "33 000 marins", "33\u202f000 marins"),
    "thousands run together": ("mobilise 33\u202f000 marins", "33000 marins", "33\u202f000 marins"),
    "dash": ("la flotte – toute la flotte – part", "la flotte - toute la flotte - part", "la flotte – toute la flotte – part"),
    "guillemets": ("Il a dit : «\u00a0Nous tiendrons\u00a0» hier.", '"Nous tiendrons"', "«\u00a0Nous tiendrons\u00a0»"),
    "quotation marks added": ("We shall hold the pass, he said.", "“We shall hold the pass”", "We shall hold the pass"),
    "quotation mark of the end": ("Er sagte: „Wir bleiben“ und ging.", 'Wir bleiben"', "Wir bleiben“"),
    "b10-soft hyphen": ("Nous répon\u00addrons demain.", "Nous répondrons demain", "Nous répon\u00addrons demain"),
    "hyphen at the end of a line": ("Les mis-\nsiles volent.", "Les missiles volent", "Les mis-\nsiles volent"),
    "space": ("Le   chef\tde la\nflotte", "Le chef de la flotte", "Le   chef\tde la\nflotte"),
    "b07-ligature": ("l’œuvre et l’æther", "l'oeuvre et l'aether", "l’œuvre et l’æther"),
    "b07-sharp s": ("Die Straße ist zu.", "DIE STRASSE IST ZU", "Die Straße ist zu"),
    "b07-dotted I": ("İzmir limanı kapandı", "izmir limanı", "İzmir limanı"),
    "full stop": ("They will leave. Then silence.", "They will leave.", "They will leave."),
    "ellipsis": ("They will leave… Then silence.", "They will leave...", "They will leave"),
    "stop that is not there": ("They will leave, then silence.", "They will leave.", "They will leave"),
    "b06-emoji": ("🚀 The fleet 🔥 sails", "The fleet sails", "The fleet 🔥 sails"),
    "b06-vowel points": ("قالَ الوزيرُ نعم", "قال الوزير نعم", "قالَ الوزيرُ نعم"),
    "tatweel": ("بلغ العـــدد ألفا", "بلغ العدد", "بلغ العـــدد"),
    "Arabic digits": ("بعد ٤٨ ساعة", "بعد 48 ساعة", "بعد ٤٨ ساعة"),
    "article written on": ("وقال الوزير إن والحكومة باقية", "الحكومة باقية", "الحكومة باقية"),
    "Hebrew points": ("שָׁלוֹם עַל הַגְּבוּל", "שלום על הגבול", "שָׁלוֹם עַל הַגְּבוּל"),
    "nukta": ("ज़मीन पर सेना", "जमीन पर सेना", "ज़मीन पर सेना"),
    "b06-Chinese": ("部长表示，部队将留下。", "部队将留下", "部队将留下"),
    "Chinese signs": ("部长说：“不走”。", '部长说:"不走"', "部长说：“不走”"),
    "Chinese, short": ("他们撤离了。", "撤离", "撤离"),
    "full width": ("ＡＢＣ放送が伝えた", "ABC放送", "ＡＢＣ放送"),
    "Japanese, decomposed": ("部隊か\u3099残る", "部隊が残る", "部隊か\u3099残る"),
    "b07-Korean, decomposed": (unicodedata.normalize("NFD", "군대가 남는다"), "군대가 남는다", unicodedata.normalize("NFD", "군대가 남는다")),
    "entities of the quote": ("The UN & its allies", "The UN &amp; its allies", "The UN & its allies"),
    "entities of the text": ("Le g&eacute;n&eacute;ral parle&nbsp;!", "Le général parle !", "Le g&eacute;n&eacute;ral parle"),
    "entity at the end": ("a caf&eacute; there", "a café", "a caf&eacute;"),
    "no entity": ("AT&T rises; it said", "AT&T rises", "AT&T rises"),
    "signs before": ("🔥🚀 Now: the fleet sails", "🔥🚀 NOW", "🔥🚀 Now"),
    "signs before, some": ("🚀 Now: the fleet sails", "🔥🚀 NOW", "🚀 Now"),
    "variant of an emoji": ("The ❤\ufe0f fleet sails", "The ❤ fleet", "The ❤\ufe0f fleet"),
    "dots of ё": ("Ещё три бригады", "Еще три", "Ещё три"),
    "capital without its accent": ("L’État a cédé", "L’Etat a cédé", "L’État a cédé"),
    "groups of digits": ("1\u202f200\u202f000 marins", "1200000 marins", "1\u202f200\u202f000 marins"),
    "two spaces between numbers": ("on day 5  12 ships", "day 5 12 ships", "day 5  12 ships"),
    "verbatim beside its letters": ("The Elan of élan", "élan", "élan"),
}

#: A text, and a quote that it does not prove.
NOT_FOUND = {
    "negation removed": ("Valmer has not accepted the terms", "Valmer has accepted the terms"),
    "negation removed, Chinese": ("部队不会撤离", "部队会撤离"),
    "number changed": ("within 48 hours of the strike", "within 72 hours of the strike"),
    "decimal point lost": ("It cost 3.5 million", "It cost 35 million"),
    "range lost": ("It lasts 5-7 days", "It lasts 57 days"),
    "per cent lost": ("It fell 5% points", "It fell 5 points"),
    "currency changed": ("It cost 5 $ million", "It cost 5 € million"),
    "decimal comma lost": ("Il coûte 3,5 millions", "Il coûte 35 millions"),
    "range with spaces lost": ("It lasts 5 – 7 days", "It lasts 57 days"),
    "two numbers run together": ("on day 4 12 ships", "on day 412 ships"),
    "a year and a number run together": ("en 2024 100 marins", "en 2024100 marins"),
    "half lost": ("It is 5½ miles", "It is 512 miles"),
    "would, was": ("Die Stadt würde für Tage gesperrt", "Die Stadt wurde für Tage gesperrt"),
    "would, was, without other accents": ("Die Stadt würde gesperrt", "Die Stadt wurde gesperrt"),
    "future, past": ("Irán atacará más allá", "Irán atacara más allá"),
    "another letter": ("Это мой флот", "Это мои флот"),
    "tone": ("họ sẽ bắn tàu này", "họ sẽ bán tàu này"),
    "names swapped": ("Valmer threatened Kestria", "Kestria threatened Valmer"),
    "translation": ("Valmer ne cédera pas", "Valmer will not yield"),
    "part of a word": ("The Kestrian army", "Kestria"),
    "part of a word, at its front": ("a disarmed band", "armed band"),
    "part of a compound letter": ("Straße frei", "Stras"),
    "without its vowel sign": ("सेना की बात", "सेन"),
    "letters after an accent": ("cafe\u0301s ouverts", "cafe"),
    "too short": ("Le chef de la flotte", "Le"),
    "signs alone": ("« — »", "« — »"),
    "empty": ("Le chef", ""),
    "space": ("Le chef", "  "),
    "empty text": ("", "Le chef"),
}


@pytest.mark.parametrize(("text", "quote", "words"), FOUND.values(), ids=FOUND)
def test_quotes_are_found_through_typography(text: str, quote: str, words: str) -> None:
    """The same letters and digits are found under other typography, as the exact span of the text."""
    match = align(quote, text)

    assert match
    assert text[match.start : match.end] == words
    assert match.match == (MatchKind.EXACT if words == quote else MatchKind.FOLDED)


@pytest.mark.parametrize(("text", "quote"), NOT_FOUND.values(), ids=NOT_FOUND)
def test_e10_what_differs_in_more_is_not_found(text: str, quote: str) -> None:
    """A letter, a digit, a sign of a number or a word more or less is another quote."""
    assert align(quote, text) is None


@pytest.mark.parametrize(
    ("hint", "within", "start"),
    [(None, None, 0), (0, None, 0), (1, None, 17), (18, None, 34), (35, None, 34), (None, (17, 34), 17), (None, (10, 14), 0), (20, (0, 33), 17)],
)
def test_b09_e11_a_hint_chooses_among_places(hint: int | None, within: tuple[int, int] | None, start: int) -> None:
    """The first place from the hint on is taken, else the last before it; a span that is searched first goes before."""
    folded_text = FoldedText("They said never. " * 3)

    for quote in ("They said never", "they said NEVER"):
        match = folded_text.align(quote, hint=hint, within=within)
        assert match
        assert match.start == start


def shared_cases() -> list[Any]:
    """Return the rows of the shared table as parameters, or none where it is not there."""
    if not SHARED.exists():
        return []
    table = json.loads(SHARED.read_text(encoding="utf-8"))
    return [
        pytest.param(table["sources"][case["src"]], case["quote"], case.get("hint"), case["gold"], id=f"{case['id']} {case['cat']}") for case in table["cases"]
    ]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared table is not here")
@pytest.mark.parametrize(("text", "quote", "hint", "gold"), shared_cases())
def test_shared_table(text: str, quote: str, hint: int | None, gold: list[list[int]] | None) -> None:
    """Every row of the team's table aligns to one of its gold spans; the negatives do not align."""
    match = align(quote, text, hint=hint)

    assert [match.start, match.end] in gold if gold and match else (match, gold) == (None, None)


MENTIONS = {
    "each": ("Iria, IRIA and Íria", "Iria", ["Iria", "IRIA", "Íria"]),
    "whole words alone": ("Iria and Irian, Airia", "Iria", ["Iria"]),
    "with clitics": ("قال إيران وإيران", "إيران", ["إيران", "إيران"]),
    "short": ("the EU, the Eurozone", "EU", ["EU"]),
    "unspaced": ("中国和中国", "中国", ["中国", "中国"]),
    "none": ("Iria", "Valmer", []),
    "signs": ("« — »", "—", []),
}


@pytest.mark.parametrize(("text", "name", "words"), MENTIONS.values(), ids=MENTIONS)
def test_mentions_are_whole_words(text: str, name: str, words: list[str]) -> None:
    """A name is mentioned wherever it stands as whole words."""
    found = FoldedText(text).mentions(name, 20)

    assert [text[match.start : match.end] for match in found] == words
    assert all((match.match == MatchKind.EXACT) == (word == name) for match, word in zip(found, words, strict=True))


def test_mentions_are_limited() -> None:
    """No more mentions are returned than are asked for: the first of them."""
    assert [match.start for match in FoldedText("Iria " * 9).mentions("Iria", 2)] == [0, 5]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_b06_b07_e10_e11_every_span_is_true(data: st.DataObject) -> None:
    """Whatever the text and the quote: a span lies in the text and holds the letters and digits of the quote, where no rung says otherwise."""
    text = data.draw(texts() | anything)
    quote = data.draw(quotes(text))
    folded_text = FoldedText(text)

    for match in [folded_text.align(quote), folded_text.align(quote, hint=len(text) // 2, within=(1, 9)), *folded_text.mentions(quote, 3)]:
        words = text[match.start : match.end] if match else ""
        assert match is None or 0 <= match.start < match.end <= len(text)
        assert match is None or match.match in {MatchKind.ELIDED, MatchKind.FUZZY} or folded(words) == folded(quote)
        assert match is None or match.match != MatchKind.EXACT or words in (quote, quote.strip())
        assert match is None or match.match != MatchKind.FUZZY or same_numbers(quote, words)


@settings(max_examples=150, deadline=None)
@given(
    texts() | anything,
    st.lists(st.sampled_from(["…", "[...]", "&amp;", "a", "not", "\U00011de5", "\ud800", "\0", "e\u0301\u0323", " ", "的", "لا"]), max_size=12).map(" ".join),
)
def test_e08_any_quote_is_looked_for(text: str, quote: str) -> None:
    """Neither halves of characters nor control signs nor omissions of nothing raise, in the text or in the quote."""
    for here, words in ((text, quote), (quote, text), (text + quote, quote + text)):
        match = align(words, here)
        assert match is None or 0 <= match.start < match.end <= len(here)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whole_words_are_found(data: st.DataObject) -> None:
    """What stands between two spaces of any text is found in it, if it has letters enough to prove anything."""
    text = data.draw(texts() | anything)
    spans = words_of(text)
    first = data.draw(st.integers(0, max(len(spans) - 1, 0)))
    chosen = spans[first : first + data.draw(st.integers(1, 8))]
    quote = text[chosen[0][0] : chosen[-1][1]] if chosen else ""

    match = align(quote, text)

    assert match or len(folded(quote)) < 3


PERTURBED = {
    "typewriter apostrophes": lambda words: words.replace("’", "'"),
    "typographic apostrophes": lambda words: words.replace("'", "’"),
    "no-break spaces": lambda words: words.replace(" ", "\u00a0"),
    "two lines": lambda words: words.replace(" ", " \n", 1),
    "composed": lambda words: unicodedata.normalize("NFC", words),
    "decomposed": lambda words: unicodedata.normalize("NFD", words),
    "upper case": str.upper,
    "title": str.title,
    "soft hyphens": lambda words: "".join(f"{char}\u00ad" if char.isalpha() else char for char in words),
    "quotation marks": lambda words: f"«\u00a0{words}\u00a0»",
    "zero-width spaces": lambda words: words.replace(" ", " \u200b"),
}


@pytest.mark.parametrize("change", PERTURBED.values(), ids=PERTURBED)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_b06_b07_b10_words_are_found_under_other_typography(change: Callable[[str], str], data: st.DataObject) -> None:
    """In sixteen languages and ten scripts, a change of format alone hides nothing, be it in the quote or in the text."""
    text = data.draw(st.sampled_from([*SENTENCES.values()]))
    spans = words_of(text)
    first = data.draw(st.integers(0, len(spans) - 1))
    last = data.draw(st.integers(min(first + 2, len(spans) - 1), len(spans) - 1))
    quote = text[spans[first][0] : spans[last][1]]

    for here, words in ((text, change(quote)), (change(text), quote)):
        match = align(words, here)
        assert (match is None) == (len(folded(quote)) < 3)
        assert match is None or folded(here[match.start : match.end]) == folded(quote)


@settings(max_examples=200, deadline=None)
@given(texts(), anything)
def test_e10_garbage_is_never_found(text: str, garbage: str) -> None:
    """What the text does not hold, letter by letter and folded, is not found in it."""
    match = align(garbage, text)

    assert match is None or match.match == MatchKind.ELIDED or folded(garbage) in folded(text)


def test_typography_hides_nothing_and_nothing_else_is_found() -> None:
    """Of quotes in ten scripts, typed otherwise in one to three ways, each is found where it stands and nowhere else."""
    dice = random.Random(7)  # noqa: S311 - dice, not keys
    folded_texts = {text: FoldedText(text) for text in TEXTS.values()}

    for _ in range(5_000):
        text, words, (start, end), changes = typed_otherwise(dice)
        match = folded_texts[text].align(words, hint=start)
        assert match, (words, changes)
        assert match.start <= start < end <= match.end
        assert folded(text[match.start : match.end]) == folded(text[start:end])


def test_what_nobody_said_is_not_found() -> None:
    """Words of a text recombined, one number, name, negation, modal, day or verb of it changed, or all of it told otherwise: none of five hundred is found."""
    dice = random.Random(8)  # noqa: S311 - dice, not keys
    folded_texts = {text: FoldedText(text) for text in TEXTS.values()}

    assert [quote for text, quote in (nobody_said(dice) for _ in range(500)) if folded_texts[text].align(quote)] == []


LONG = 200_000
HOSTILE = {
    "one mark": "e" + "\u0301\u0323" * (LONG // 2),
    "many marks": "e\u0301\u0323" * (LONG // 3),
    "long letters": "ﷺ" * LONG,
    "repeated word": "na " * (LONG // 3),
    "one word": "a" * LONG,
    "periodic": "ab" * (LONG // 2),
    "digits": "1 " * (LONG // 2),
    "decimals": "1." * (LONG // 2),
    "one sentence": "L’Iran a nié la frappe de la base. " * (LONG // 35),
    "entities": "&amp;" * (LONG // 5),
    "space": "« " + " " * (LONG - 3) + "x",
}


def least(work: Callable[[], object]) -> float:
    """Return the least of three times that `work` takes of the processor: whatever else is at work adds to it, and what else a test run holds to collect."""
    took = []
    with held_back():
        for _ in range(3):
            began = time.process_time()
            work()
            took.append(time.process_time() - began)
    return min(took)


@pytest.mark.cost
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_b08_b09_the_cost_is_linear(text: str) -> None:
    """The longest text, all marks or all repetition, is folded and searched for quotes of every kind within seconds."""
    quotes = ("never said", "na na na na na", text[1000:1200], f"{text[1000:1100]} zzz {text[1100:1200]}", f"{text[:20]} … {text[500:520]}", "a" * 200)

    def search() -> None:
        folded_text = FoldedText(text)
        for quote in quotes:
            folded_text.align(quote)
            folded_text.align(quote, hint=LONG - 100)
        folded_text.mentions("e\u0301", 20)

    # Half a second on an idle core.
    assert least(search) < 4


@pytest.mark.cost
def test_a_quote_that_is_not_there_is_cheap() -> None:
    """Forty long quotes that are not in the longest text cost less than twenty thousandths of a second each."""
    text = " ".join(TEXTS.values()) * (LONG // sum(map(len, TEXTS.values())))
    folded_text = FoldedText(text)
    words = TEXTS["Latin, French"].split()
    dice = random.Random(0)  # noqa: S311 - dice, not keys
    quotes = [" ".join(dice.sample(words, 30)) for _ in range(40)]

    assert [folded_text.align(quote) for quote in quotes] == [None] * 40
    assert least(lambda: [folded_text.align(quote) for quote in quotes]) < 0.8
