"""Quotes that are cut off from the words that turn them round."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.quotes.clauses import cut_off
from service.extraction.quotes.turning import CutKind
from tests.unit.extraction.extraction_parts import SENTENCES, anything

#: A language, and a sentence with its quote between bars.
NEGATED = {
    "will not": ("en", "Valmer will not |attack Norvia|."),
    "won't": ("en", "Valmer won’t |attack Norvia|."),
    "cannot": ("en", "Valmer cannot |reach the port|."),
    "no longer": ("en", "Valmer no longer |attacks the convoys| of Norvia."),
    "no plan to": ("en", "There is no plan to |attack Norvia|."),
    "without": ("en", "The fleet left without |firing a shot|."),
    "behind a noun": ("en", "|A strike on the base| will not happen."),
    "in quotation marks": ("en", "Valmer will not “|attack Norvia|”."),
    "subject": ("en", "No ship of Valmer |attacked the port|."),
    "ne ... pas": ("fr", "Valmer n’a pas |attaqué Norvia|."),
    "pas behind": ("fr", "Valmer n’|attaquera| pas le port."),
    "ne ... plus": ("fr", "Valmer ne veut plus |attaquer Norvia|."),
    "sans": ("fr", "La flotte est partie sans |tirer un coup|."),
    "aucun": ("fr", "Aucun navire |n’a quitté le port|."),
    "no": ("es", "Valmer no |atacará a Norvia|."),
    "nunca": ("es", "Valmer nunca |atacará a Norvia|."),
    "kein": ("de", "Es gab keinen |Angriff auf den Hafen|."),
    "nicht behind": ("de", "Valmer |greift Norvia| heute nicht an."),
    "non": ("it", "Valmer non |attaccherà Norvia|."),
    "não": ("pt", "Valmer não |atacará Norvia|."),
    "niet behind": ("nl", "Valmer |valt Norvia| niet aan."),
    "nie": ("pl", "Valmer nie |zaatakuje Norwii|."),
    "не": ("ru", "Валмер не |атакует Норвию|."),
    "two as one": ("ru", "Никто не |атаковал порт|."),
    "Ukrainian": ("uk", "Валмер не |атакуватиме порт|."),
    "Turkish": ("tr", "Valmer |limana saldırı| düzenlemedi."),
    "Arabic": ("ar", "فالمر لن |تهاجم الميناء|."),
    "Arabic, with and": ("ar", "ولم |تهاجم فالمر الميناء|."),
    "Hebrew": ("he", "ואלמר לא |תתקוף את הנמל|."),
    "Persian": ("fa", "والمر |به بندر حمله| نخواهد کرد."),
    "Hindi": ("hi", "वाल्मर |बंदरगाह पर हमला| नहीं करेगा।"),
    "Urdu": ("ur", "والمر |بندرگاہ پر حملہ| نہیں کرے گا۔"),
    "Chinese": ("zh", "瓦尔默没有|攻击港口|。"),
    "Chinese, will not": ("zh", "瓦尔默不会|攻击港口|。"),
    "Japanese": ("ja", "ヴァルマーは|港を攻撃する|つもりはないと述べた。"),
    "Korean": ("ko", "발머는 |항구를 공격하지| 않을 것이라고 말했다."),
    "Indonesian": ("id", "Valmer tidak akan |menyerang pelabuhan|."),
    "Czech": ("cs", "Valmer nebude |útočit na přístav|."),
    "Romanian": ("ro", "Valmer nu |va ataca portul|."),
    "Swedish": ("sv", "Valmer |anfaller| inte hamnen."),
    "Greek": ("el", "Το Βάλμερ δεν θα |επιτεθεί στο λιμάνι|."),
    "Vietnamese": ("vi", "Valmer sẽ không |tấn công cảng|."),
    "Danish": ("da", "Valmer |angriber| ikke havnen."),
    "Norwegian": ("no", "Valmer |angriper| ikke havnen."),
    "Finnish": ("fi", "Valmer ei |hyökkää satamaan|."),
    "Hungarian": ("hu", "Valmer nem |támadja meg a kikötőt|."),
    "Bulgarian": ("bg", "Валмер не |напада пристанището|."),
}
DENIED = {
    "denied having": ("en", "Valmer denied having |struck the port|."),
    "denied that": ("en", "Valmer denied on Monday that its army |struck the port|."),
    "denied, in passing, that": ("en", "The minister denied on Monday, in parliament, that Valmer meant |to strike the port|."),
    "ruled out": ("en", "Valmer ruled out |attacking the port|."),
    "refused": ("en", "Valmer refused to |withdraw its troops|."),
    "nie avoir": ("fr", "Valmer nie avoir |frappé le port|."),
    "nie que": ("fr", "Valmer nie que son armée |ait frappé le port|."),
    "niega haber": ("es", "Valmer niega haber |atacado el puerto|."),
    "dementiert": ("de", "Valmer dementiert, |den Hafen angegriffen zu haben|."),
    "bestreitet, dass": ("de", "Valmer bestreitet, dass seine Flotte |den Hafen angriff|."),
    "отрицает, что": ("ru", "Валмер отрицает, что его армия |нанесла удар|."),
    "否认": ("zh", "瓦尔默否认|袭击了港口|。"),
    "نفت": ("ar", "نفت فالمر أنها |هاجمت الميناء|."),
    "نفى نفيا": ("ar", "نفى وزير خارجية فالمر، كريم السالمي، نفياً تاماً أن تكون حكومته تنوي احتلال الجزر أو |قصف الميناء|."),
    "نفى، في": ("ar", "نفى وزير خارجية فالمر، في بيان صدر الاثنين، أن تكون حكومته تنوي احتلال الجزر أو |قصف الميناء|."),
    "smentisce": ("it", "Valmer smentisce di aver |colpito il porto|."),
    "behind": ("ja", "ヴァルマーは|港を攻撃した|ことを否定した。"),
}
MODAL = {
    "would": ("en", "Valmer said it would |attack Norvia|."),
    "does not rule out": ("en", "Valmer has not ruled out |attacking the port|."),
    "does not deny": ("en", "Valmer does not deny having |struck the port|."),
    "n'exclut pas": ("fr", "Valmer n’exclut pas de |frapper le port|."),
    "pourrait": ("fr", "Valmer pourrait bien |frapper le port|."),
    "不排除": ("zh", "瓦尔默不排除|攻击港口|。"),
    "可能": ("zh", "瓦尔默可能|攻击港口|。"),
    "verb last": ("de", "Man fürchtet, dass Valmer |den Hafen angreifen| könnte."),
}
WHOLE = {
    "own modal": ("en", "Valmer said it |would attack Norvia|."),
    "nothing": ("en", "The minister said Valmer |struck the port|."),
    "not only": ("en", "Not only |did Valmer strike the port|, it sank a ship."),
    "no doubt": ("en", "No doubt Valmer |will attack Norvia|."),
    "another clause": ("en", "Valmer did not answer and |struck the port|."),
    "another clause behind": ("en", "Valmer |will strike the port| if Norvia does not yield."),
    "relative clause": ("en", "Valmer, which denies arming rebels, |will attack Norvia|."),
    "denying something else": ("en", "Valmer, denying any part in it, said on Monday, before parliament, that Norvia |struck the port|."),
    "another verb": ("en", "Valmer denied the report and warned, on Monday, that it had |struck the port|."),
    "without, behind": ("en", "Valmer |will strike| without warning."),
    "number": ("en", "Pier No. 5 |was struck| on Monday."),
    "expletive ne": ("fr", "On craint que Valmer ne |frappe le port|."),
    "pas plus tard que": ("fr", "Valmer |frappera| pas plus tard que lundi."),
    "sans, behind": ("fr", "Valmer |frappera le port| sans hésiter."),
    "in the": ("pt", "Forças no Norte |atacam a base|."),
    "nicht nur": ("de", "Es war nicht nur |ein Angriff auf den Hafen|."),
    "не только": ("ru", "Валмер не только |атакует порт|, но и базу."),
    "drone": ("zh", "无人机|攻击了港口|。"),
    "another sentence": ("en", "It will not. |Valmer struck the port|."),
    "unknown language": ("qq", "Valmer will not |attack Norvia|."),
}


def cut(language: str, sentence: str) -> tuple[CutKind | None, str]:
    """Return what the quote between bars is cut off from, and the clause that holds both."""
    before, quote, behind = sentence.split("|")
    start = len(before)
    text = before + quote + behind
    first = text.rindex(". ", 0, start) + 2 if ". " in before and "No." not in before else 0
    found = cut_off((start, start + len(quote)), text, (first, len(text)), language)
    return (found.kind, text[slice(*found.clause)]) if found else (None, "")


@pytest.mark.parametrize(("language", "sentence"), NEGATED.values(), ids=NEGATED)
def test_a_negation_is_seen(language: str, sentence: str) -> None:
    """A quote that leaves out the negation of its clause is told apart, and the clause that it is cut from holds more than it."""
    kind, clause = cut(language, sentence)

    assert kind == CutKind.NEGATION
    assert sentence.split("|")[1] in clause
    assert len(clause) > len(sentence.split("|")[1])


@pytest.mark.parametrize(("language", "sentence"), DENIED.values(), ids=DENIED)
def test_a_denial_is_seen(language: str, sentence: str) -> None:
    """So is one whose clause is denied, refused or ruled out, also across the conjunction."""
    assert cut(language, sentence)[0] == CutKind.DENIAL


@pytest.mark.parametrize(("language", "sentence"), MODAL.values(), ids=MODAL)
def test_a_modal_is_seen(language: str, sentence: str) -> None:
    """So is one that may, might or will be; what is not ruled out may be."""
    assert cut(language, sentence)[0] == CutKind.MODAL


@pytest.mark.parametrize(("language", "sentence"), WHOLE.values(), ids=WHOLE)
def test_what_turns_nothing_round_is_no_cut(language: str, sentence: str) -> None:
    """Negations of other clauses and what only looks like one leave the quote whole."""
    assert cut(language, sentence) == (None, "")


def test_the_clause_of_a_denial_is_told() -> None:
    """The clause that is told holds the denial and the quote, and no more than theirs."""
    text = "Late on Monday, Valmer denied that its army |struck the port|, Norvia says."

    assert cut("en", text)[1] == "Valmer denied that its army struck the port"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*SENTENCES.items()]), anything, st.data())
def test_any_text_is_read(sentence: tuple[str, str], more: str, data: st.DataObject) -> None:
    """Whatever the text and the quote, a clause lies in the text and holds the quote."""
    language, words = sentence
    text = words + more + words
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    found = cut_off((start, end), text, (0, len(text)), language)

    assert found is None or (0 <= found.clause[0] <= start < end <= found.clause[1] <= len(text))
