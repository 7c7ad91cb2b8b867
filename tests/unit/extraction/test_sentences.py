"""Where sentences begin and end."""

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.sentences import Sentences
from tests.unit.extraction.extraction_parts import anything, texts

SHARED = Path(__file__).parents[4] / "shared" / "cases" / "sent_cases.json"
#: Least F1 over the boundaries of the shared table.
LEAST_F1 = 0.95

SPLIT = {
    "English": ("en", ["Gen. Dorst spoke.", "The fleet sails!", "When?"], " "),
    "French": ("fr", ["Dorst a parlé.", "« Nous partons. »", "La flotte aussi."], " "),
    "astral": ("en", ["🔥🚀 The fleet sails.", "It is 𝔸 fleet.", "Gone."], "  "),
    "Chinese": ("zh", ["部长说话了。", "部队留下！", "何时？"], ""),
    "Hindi": ("hi", ["सेना रहेगी।", "मंत्री बोले।"], " "),
    "Arabic": ("ar", ["قال الوزير نعم.", "هل ترد؟"], " "),
    "paragraphs": ("en", ["A heading", "The fleet sails."], "\n\n"),
    "unknown": ("qq", ["One here.", "Two there."], " "),
}


@pytest.mark.parametrize(("language", "sentences", "between"), SPLIT.values(), ids=SPLIT)
def test_sentences_are_told_apart(language: str, sentences: list[str], between: str) -> None:
    """Each sentence is a span of code points without the space around it."""
    text = between.join(sentences)

    assert [text[start:end] for start, end in Sentences(text, language).spans] == sentences


#: A language, and a text whose sentences begin behind the bars.
STOPS = {
    "titles": ("fr", "Mme Dorst et le Pr. Vial ont vu le col. Martin. |Il était absent."),
    "initials": ("fr", "J.-F. Valois et A. Vial ont signé. |M. Dorst, non."),
    "references": ("fr", "Le décret no. 12, art. 3, p. 4, est cité. |C’est tout."),
    "list": ("fr", "Des navires, des avions, etc. |La flotte est partie."),
    "ellipsis": ("fr", "Ils attendent… |Valmer aussi."),
    "ellipsis within": ("en", "He said... nothing at all. |Then he left."),
    "May": ("en", "They have until 20 May. |“We will not wait,” said Dorst."),
    "acronym": ("fr", "Il l’a dit à l’O.N.U. |Elle a nié."),
    "acronym before a name": ("en", "The U.S. Navy sailed. |It was late."),
    "decimals": ("fr", "Le missile vole à 3,5 km. |Sa portée est de 1.500 km."),
    "lines of a list": ("fr", "Points clés :\n|• La flotte part.\n|• L’armée reste."),
    "numbered": ("en", "1. The fleet sails.\n|2. The army stays."),
    "quotation": ("fr", "« Partez ! » a-t-il crié. |Personne n’a bougé."),
    "English": ("en", "Lt. Gen. A. B. Dorst met Sen. Vale in Ft. Ord on Sept. 3. |He left at 5 p.m. |Nobody knew."),
    "Spanish": ("es", "El Gral. Ruiz leyó la pág. 4, p. ej. el núm. 3. |¿Vendrá el Sr. Vidal? |Nadie lo sabe."),
    "German": ("de", "Am 12. März kam Hr. Dr. Kern, d. h. der Arzt, u. a. nach Kestria. |Er blieb ca. 3 Std. bzw. länger."),
    "Italian": ("it", "Il sig. Rossi, cfr. pag. 12, ha firmato. |Poi è partito."),
    "Dutch": ("nl", "Dhr. Jansen kwam o.a. uit Norvia. |Hij bleef ca. 3 uur."),
    "Polish": ("pl", "Gen. Nowak, tzn. oficer, przybył ok. 5 rano. |Nikt nie czekał."),
    "Russian": ("ru", "Ген. Иванов и А. С. Петров приехали в 1999 г. в г. Орлан, т. е. домой. |Их ждали и т. д. |Он ушёл."),
    "Ukrainian": ("uk", "Проф. І. Б. Мельник жив на вул. Лісовій. |Його чекали."),
    "Arabic": ("ar", "قال د. سامي إن أ. منى وصلت. |ثم غادرت."),
    "Hindi": ("hi", "डॉ. राव और श्री. वर्मा आए। |वे चले गए।"),
    "Japanese": ("ja", "彼は去った。|「はい。」と彼は言った。|誰が知る？"),
    "Korean": ("ko", "그는 떠났다. |그녀는 남았다."),
    "Czech": ("cs", "Gen. Novák přijel 3. května, tj. včera. |Nikdo nečekal."),
    "Swedish": ("sv", "Prof. Ek kom kl. 5, dvs. tidigt. |Ingen väntade."),
    "Greek": ("el", "Ο κ. Παππάς και ο καθ. Νίκος ήρθαν. |Έφυγαν."),
    "no language": ("und", "Dr. Dorst left. |Vale stayed."),
}


@pytest.mark.parametrize(("language", "marked"), STOPS.values(), ids=STOPS)
def test_a_full_stop_need_not_end_a_sentence(language: str, marked: str) -> None:
    """Abbreviations, initials and numbers end none; an ellipsis or the end of a list before a capital does."""
    text = marked.replace("|", "")

    assert [text[start:end] for start, end in Sentences(text, language).spans] == [part.strip() for part in marked.split("|")]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared table is not here")
def test_shared_table() -> None:
    """Over the boundaries of the team's table, those that are optional aside, the F1 is high enough."""
    found = extra = missed = 0
    for row in json.loads(SHARED.read_text(encoding="utf-8")):
        text = row["text"]
        begun = {start for start, _ in Sentences(text, row["lang"]).spans[1:]}
        required, optional = ({at + len(text[at:]) - len(text[at:].lstrip()) for at in row[kind]} for kind in ("req", "opt"))
        found, extra, missed = found + len(begun & required), extra + len(begun - required - optional), missed + len(required - begun)

    assert 2 * found / (2 * found + extra + missed) >= LEAST_F1


def test_long_paragraphs_are_read_in_blocks() -> None:
    """A paragraph longer than one block has the sentences that it would have alone, and one without any stop is a single sentence."""
    sentence = "The fleet of Valmer left the harbour with Dr. Dorst on board."

    assert len(Sentences(" ".join([sentence] * 100), "en").spans) == 100
    assert Sentences("word " * 2000 + "end", "en").spans == [(0, 10_003)]


@pytest.mark.cost
@pytest.mark.parametrize("sign", ["« ", "他。", "a. ", "A.", "… A", "\n- ", "etc. A ", "”. ", "a.\u0301", "\ud800", " "])
def test_the_cost_is_linear(sign: str) -> None:
    """The longest text of stops, marks, openings or nothing is read within two seconds."""
    text = (sign * 200_000)[:200_000]
    began = time.process_time()

    spans = Sentences(text, "fr").spans

    assert time.process_time() - began < 2
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@pytest.mark.parametrize(
    ("span", "enclosing"), [((0, 3), (0, 8)), ((4, 7), (0, 8)), ((9, 12), (9, 17)), ((4, 12), (0, 17)), ((8, 9), (9, 17)), ((9, 17), (9, 17))]
)
def test_the_enclosing_sentences_are_whole(span: tuple[int, int], enclosing: tuple[int, int]) -> None:
    """A span lies within the sentences that hold its first and its last code point."""
    start, end = Sentences("One two. Six ten.", "en").enclosing(*span)

    assert start <= span[0] < span[1] <= end
    assert (start, end) == enclosing or span == (8, 9)


def test_without_sentences_a_span_is_its_own() -> None:
    """A text of space has no sentence; a span of it is returned as it is."""
    assert Sentences(" \n ", "en").enclosing(0, 2) == (0, 2)


@settings(max_examples=150, deadline=None)
@given(texts() | anything, st.sampled_from(["en", "fr", "ar", "zh", "hi", "und", "FR", "zh-Hant"]))
def test_spans_are_in_order_and_enclose(text: str, language: str) -> None:
    """Of any text the spans follow one another, hold all that is not space, and enclose each word."""
    sentences = Sentences(text, language)
    kept = "".join(text[start:end] for start, end in sentences.spans)

    assert all(0 <= start < end <= len(text) for start, end in sentences.spans)
    assert all(one[1] <= other[0] for one, other in pairwise(sentences.spans))
    assert "".join(kept.split()) == "".join(text.split())
    assert all(start <= at < end for at in range(len(text)) for start, end in [sentences.enclosing(at, at + 1)])
