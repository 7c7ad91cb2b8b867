"""Quotes that differ from the text in what says nothing, and quotes that say something else."""

import pytest

from schemas.vocabulary import Match as MatchKind
from service.extraction.quotes.alignment import FoldedText, align

EN = (
    "The foreign ministry of Valmer said on Tuesday that its fleet might leave the harbour of Orlane before the end of the month, "
    "but it denied having attacked the base in Norvia with drones or missiles."
)
FR = (
    "Le ministre de la Défense d’Orlane a déclaré mercredi que l’armée ne quitterait pas la base navale avant "
    "vendredi, selon trois sources proches du dossier, "
    "et que 2 500 soldats pourraient être envoyés à la frontière."
)
DE = (
    "Die Regierung von Kestrien kündigte am Montag an, dass ihre Truppen die Straße zum Hafen noch heute schließen "
    "würden und keine Angriffe auf die Häfen planten."
)
RU = "Министр обороны заявил во вторник, что войска останутся на границе до конца недели и могут нанести удары ракетами по военным базам противника."
AR = "أعلن وزير الدفاع يوم الثلاثاء أن القوات ستبقى على الحدود حتى نهاية الأسبوع وأن الطائرات لن تعود."

#: A text, a quote of it that differs in little, and the first and the last words that it proves.
FOUND = {
    "articles dropped": (EN, "its fleet might leave harbour of Orlane before the end of month, but it denied", ("its fleet", "it denied")),
    "article added": (FR, "l'armée ne quitterait pas la base navale avant le vendredi, selon trois sources proches du dossier", ("l’armée", "dossier")),
    "article exchanged": (EN, "said on Tuesday that its fleet might leave this harbour of Orlane before the end of the month", ("said", "month")),
    "and for or": (EN, "but it denied having attacked the base in Norvia with drones and missiles", ("but it", "missiles")),
    "plural": (EN, "but it denied having attacked the base in Norvia with drone or missiles", ("but it", "missiles")),
    "letter dropped": (EN, "but it denied having atacked the base in Norvia with drones or missiles", ("but it", "missiles")),
    "letter doubled": (RU, "что войска останутся на граннице до конца недели и могут нанести удары", ("что", "удары")),
    "letters swapped": (FR, "l’armée ne qutiterait pas la base navale avant vendredi, selon trois sources", ("l’armée", "sources")),
    "case of a noun": (RU, "что войска останутся на границе до конца недели и могут нанести удары ракетой по военным базам", ("что", "базам")),
    "German": (DE, "dass ihre Truppen die Strasse zum Hafen noch heute schließen würden und keine Angriffe auf diese Häfen planten", ("dass", "planten")),
    "place left out": (EN, "before the end of the month, but it denied having attacked the base with drones or missiles", ("before", "missiles")),
    "Arabic article": (AR, "أعلن وزير دفاع يوم الثلاثاء أن القوات ستبقى على الحدود حتى نهاية الأسبوع", ("أعلن", "الأسبوع")),
    "word parted by a line": (EN, "The foreign minis-\ntry of Valmer said on Tuesday that its fleet might leave harbour of Orlane", ("The foreign", "Orlane")),
}
NOT_FOUND = {
    "modal": (EN, "The foreign ministry of Valmer said on Tuesday that its fleet will leave the harbour of Orlane"),
    "negation gained": (EN, "its fleet might not leave the harbour of Orlane before the end of the month"),
    "negation lost": (FR, "l’armée quitterait la base navale avant vendredi, selon trois sources proches du dossier"),
    "denial": (EN, "but it admitted having attacked the base in Norvia with drones or missiles"),
    "name": (EN, "but it denied having attacked the base in Kestria with drones or missiles"),
    "name misspelt": (EN, "the foreign ministry of Vallmer said on Tuesday that its fleet might leave the harbour of Orlane"),
    "weekday": (EN, "The foreign ministry of Valmer said on Monday that its fleet might leave the harbour"),
    "noun": (EN, "The defence ministry of Valmer said on Tuesday that its fleet might leave the harbour of Orlane"),
    "last word": (EN, "that its fleet might leave the harbour of Orlane before the end of the year"),
    "first word": (EN, "their fleet might leave the harbour of Orlane before the end of the month"),
    "preposition": (EN, "but it denied having attacked the base in Norvia without drones or missiles"),
    "before, after": (EN, "its fleet might leave the harbour of Orlane after the end of the month"),
    "verb": (EN, "its fleet might enter the harbour of Orlane before the end of the month"),
    "tense": (FR, "l’armée ne quittera pas la base navale avant vendredi, selon trois sources proches"),
    "mood": (FR, "selon trois sources proches du dossier, et que 2 500 soldats pourront être envoyés à la frontière"),
    "number in words": (FR, "l’armée ne quitterait pas la base navale avant vendredi, selon quatre sources proches du dossier"),
    "number": (FR, "selon trois sources proches du dossier, et que 2 600 soldats pourraient être envoyés à la frontière"),
    "umlaut of a modal": (DE, "dass ihre Truppen die Straße zum Hafen noch heute schließen wurden und keine Angriffe auf die Häfen"),
    "no lost": (DE, "dass ihre Truppen die Straße zum Hafen noch heute schließen würden und Angriffe auf die Häfen planten"),
    "was able": (RU, "что войска останутся на границе до конца недели и могли нанести удары ракетами по военным базам"),
    "not": (RU, "что войска не останутся на границе до конца недели и могут нанести удары ракетами"),
    "word inserted": (EN, "its whole fleet might leave the harbour of Orlane before the end of the month"),
    "word left out": (RU, "что войска останутся на границе до конца недели и могут нанести удары по военным базам"),
    "words swapped": (EN, "its fleet might leave the harbour before the end of the month of Orlane"),
    "Arabic negation": (AR, "حتى نهاية الأسبوع وأن الطائرات سوف تعود"),
    "Arabic word": (AR, "أعلن وزير الدفاع يوم الأربعاء أن القوات ستبقى على الحدود حتى نهاية الأسبوع"),
    "too short to differ": (EN, "its fleet might leave a harbour"),
    "paraphrase": (EN, "its ships could sail out of the port of Orlane within the month"),
    "too much": (EN, "the its fleet might leave a harbour of the Orlane before an end of the month"),
}


@pytest.mark.parametrize(("text", "quote", "ends"), FOUND.values(), ids=FOUND)
def test_what_says_nothing_may_differ(text: str, quote: str, ends: tuple[str, str]) -> None:
    """Articles, a plural, one slip in a long word, a place left out: the quote proves the words of the text, whole at both ends."""
    match = align(quote, text)

    assert match
    assert match.match == MatchKind.FUZZY
    assert text[match.start : match.end].startswith(ends[0])
    assert text[match.start : match.end].endswith(ends[1])


@pytest.mark.parametrize(("text", "quote"), NOT_FOUND.values(), ids=NOT_FOUND)
def test_what_says_something_may_not(text: str, quote: str) -> None:
    """A number, a name, a negation, a modal, a tense, a verb, a word more or less is another quote."""
    assert align(quote, text) is None


@pytest.mark.parametrize(("hint", "number"), [(None, 0), (0, 0), (5, 1), (400, 1), (len(EN) + 3, 1)])
def test_a_hint_chooses_among_places(hint: int | None, number: int) -> None:
    """Of several places the first from the hint on is taken, else the last before it."""
    text = FoldedText(f"{EN} {EN}")
    match = text.align("The foreign ministry of Valmer said on Tuesday that its fleet might leave harbour of Orlane", hint=hint)

    assert match
    assert match.start == number * (len(EN) + 1)


def test_a_long_quote_is_copied_or_not_there() -> None:
    """A quote of more than two thousand code points may differ in nothing."""
    text = " ".join(f"Ship {number} of the fleet sails on." for number in range(90))

    assert align(text.replace("Ship 5 of the", "Ship 5 of"), text) is None
    assert align(text, text)
