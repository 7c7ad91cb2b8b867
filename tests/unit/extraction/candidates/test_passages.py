"""Where code finds that a text states a threat or a commitment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.candidates.passages import commitment_passages, threat_passages
from service.extraction.lexicons import lexicon
from service.extraction.preparing import Prepared
from tests.unit.extraction.extraction_parts import prepared_from

_LANGUAGES = sorted(lexicon("claims"))


def threats(text: str, language: str, published: str = "2027-03-11") -> list[str]:
    """Return the words that threaten."""
    prepared = prepared_from(text, language=language, published=published)
    return [text[start:end] for start, end in threat_passages(prepared)]


def commitments(text: str, language: str) -> list[str]:
    """Return the words that bind."""
    return [text[start:end] for start, end in commitment_passages(prepared_from(text, language=language))]


#: Language, a sentence, the threats in it.
THREATS = [
    ("en", "Dorst said his men would burn the court unless Norvia freed them.", ["Dorst said his men would burn the court unless Norvia freed them"]),
    ("en", "Norvia will close its border and expel the diplomats.", ["Norvia will close its border", "expel the diplomats"]),
    ("en", "The intelligence service expects a raid on the naval base in May.", ["The intelligence service expects a raid on the naval base in May"]),
    ("fr", "La Norvie menace de bloquer le port si la flotte ne part pas.", ["La Norvie menace de bloquer le port si la flotte ne part pas"]),
    ("es", "Si la policía no se retira, quemaremos el cuartel, dijo Dorst.", ["Si la policía no se retira, quemaremos el cuartel"]),
    ("de", "Der General drohte, seine Truppen würden den Sender beschießen.", ["Der General drohte, seine Truppen würden den Sender beschießen"]),
    ("it", "I servizi temono un attentato alla caserma di Norvia.", ["I servizi temono un attentato alla caserma di Norvia"]),
    ("pt", "O general avisou que as tropas cercarão a capital.", ["as tropas cercarão a capital"]),
    ("pl", "Minister ostrzegł, że wojsko zestrzeli każdy dron.", ["wojsko zestrzeli każdy dron"]),
    ("ru", "Министр заявил, что армия уничтожит базу.", ["армия уничтожит базу"]),
    ("uk", "Речник попередив, що загін знищить заставу.", ["загін знищить заставу"]),
    ("ar", "هدد القائد بأن قواته ستقصف القاعدة.", ["قواته ستقصف القاعدة"]),
    ("he", "המפקד איים כי הצבא יפציץ את המחסן.", ["הצבא יפציץ את המחסן"]),
    ("tr", "Sözcü, ordunun karakolu bombalayacağını söyledi.", ["Sözcü, ordunun karakolu bombalayacağını söyledi"]),
    ("fa", "سخنگو گفت که ارتش پایگاه را نابود خواهد کرد.", ["ارتش پایگاه را نابود خواهد کرد"]),
    ("zh", "司令说，如果对方不撤军，海军将封锁运河。", ["如果对方不撤军，海军将封锁运河"]),
]


@pytest.mark.parametrize(("language", "text", "expected"), THREATS)
def test_a_threat_is_found_with_who_would_do_it_and_its_condition(language: str, text: str, expected: list[str]) -> None:
    """What would be done stands there as one clause, without the words that only say who said it."""
    assert threats(text, language) == expected


#: Language, a sentence in which nothing is threatened.
NO_THREATS = [
    ("en", "Norvia shelled the port on Monday and killed two sailors."),
    ("en", "Norvia denied that it would attack the port."),
    ("en", "In 1998 Norvia vowed to bomb the port."),
    ("en", "Suppose that Norvia would attack the port."),
    ("en", "Will Norvia attack the port?"),
    ("en", "The storm will hit the coast by Friday."),
    ("en", "Norvia promised to release the wounded soldiers."),
    ("fr", "La Norvie n'attaquera pas le port."),
    ("de", "Norvia wird den Hafen nicht angreifen."),
    ("ru", "Армия не будет атаковать порт."),
    ("zh", "海军不会攻击港口。"),
]


@pytest.mark.parametrize(("language", "text"), NO_THREATS)
def test_what_is_no_harm_to_come_is_no_threat(language: str, text: str) -> None:
    """What is over, denied, asked, imagined or done by the weather is left out."""
    assert threats(text, language) == []


#: Language, a sentence, the commitments in it.
COMMITMENTS = [
    ("en", "Norvia promised four frigates and pledged to host talks.", ["Norvia promised four frigates", "pledged to host talks"]),
    ("en", "The army will leave the town, but it will not open the road.", ["The army will leave the town", "it will not open the road"]),
    ("fr", "La Norvie promet de revenir, mais exclut l'envoi d'une force.", ["La Norvie promet de revenir", "exclut l'envoi d'une force"]),
    (
        "de",
        "Die Ministerin hat angekündigt, die Flüge fortzusetzen und die Abwehr zu verstärken.",
        ["Die Ministerin hat angekündigt, die Flüge fortzusetzen", "die Abwehr zu verstärken"],
    ),
    ("es", "El gobierno ofreció mediar.", ["El gobierno ofreció mediar"]),
    ("it", "La Norvia si impegna a inviare aiuti.", ["La Norvia si impegna a inviare aiuti"]),
    ("pt", "O ministro pôs à disposição duas companhias.", ["O ministro pôs à disposição duas companhias"]),
    ("pl", "Rząd obiecał wysłać lekarzy.", ["Rząd obiecał wysłać lekarzy"]),
    ("ru", "Правительство направит врачей в порт.", ["Правительство направит врачей в порт"]),
    ("uk", "Уряд надішле два літаки з ліками.", ["Уряд надішле два літаки з ліками"]),
    ("ar", "تعهدت الحكومة بإعادة القوارب وبعدم ملاحقة الصيادين.", ["تعهدت الحكومة بإعادة القوارب", "وبعدم ملاحقة الصيادين"]),
    ("he", "הממשלה התחייבה לשלוח משקיפים.", ["הממשלה התחייבה לשלוח משקיפים"]),
    ("tr", "Hükümet yardım sözü verdi.", ["Hükümet yardım sözü verdi"]),
    ("fa", "دولت متعهد شد دارو بفرستد.", ["دولت متعهد شد دارو بفرستد"]),
    ("zh", "当局不会谈判，但愿意发放津贴。", ["当局不会谈判", "愿意发放津贴"]),
]


@pytest.mark.parametrize(("language", "text", "expected"), COMMITMENTS)
def test_each_promise_and_each_refusal_is_found_by_itself(language: str, text: str, expected: list[str]) -> None:
    """Several promises of one sentence are several passages, with the speaker where it stands before them."""
    assert commitments(text, language) == expected


#: Language, a sentence that binds nobody.
NO_COMMITMENTS = [
    ("en", "Norvia rejected the accusations."),
    ("en", "Tresia urged Norvia to promise more troops."),
    ("en", "Analysts expect that Norvia will send troops."),
    ("en", "Nobody in Norvia seems ready to give an order."),
    ("es", "El gobernador negó que hubiera un acuerdo."),
    ("fr", "Des experts n'excluent pas une famine."),
    ("ar", "وقال المتحدث طلال السيابي إن الطقس جيد."),
    ("pt", "A enfermaria ardeu."),
]


@pytest.mark.parametrize(("language", "text"), NO_COMMITMENTS)
def test_what_binds_nobody_is_no_commitment(language: str, text: str) -> None:
    """Rejected claims, demands, forecasts and nouns that end as verbs do are left out."""
    assert commitments(text, language) == []


def test_a_threat_and_a_promise_of_one_sentence_are_one_passage_each() -> None:
    """Who threatens some and spares others has said both."""
    text = "司令说，如果对方不撤军，海军将封锁运河，但不会对渔船采取行动。"

    assert threats(text, "zh") == ["如果对方不撤军，海军将封锁运河"]
    assert commitments(text, "zh") == ["不会对渔船采取行动"]


def test_a_threat_that_answers_what_others_do_is_a_pledge_as_well() -> None:
    """Whoever says what follows an attack has bound itself; whoever sets an ultimatum has only threatened."""
    answer, ultimatum = "If they attack our ships, we will shell the base.", "We will shell the base unless they leave."

    assert threats(answer, "en") == commitments(answer, "en") == ["If they attack our ships, we will shell the base"]
    assert threats(ultimatum, "en")
    assert commitments(ultimatum, "en") == []


def test_without_words_of_a_language_nothing_is_found() -> None:
    """In a language without a lexicon nobody but the model can say."""
    assert commitments("Pamahalaan ay nangako ng tulong.", "tl") == []


#: Words and marks on which clauses are parted and read.
_WORDS = st.lists(
    st.sampled_from(
        [
            "Norvia",
            "the",
            "and",
            "but",
            "will",
            "not",
            "promised",
            "to",
            "that",
            "if",
            "unless",
            "attack",
            ",",
            ";",
            ".",
            "?",
            "“",
            "”",
            "(",
            ")",
            "2019",
            "12",
            "who",
            "said",
            "expects",
            "refused",
            "с",
            "которого",
            "и",
            "атакует",
            "海军将封锁运河",
            "，",
            "وستقدم",
            "السيابي",
            "se",
            "é",
            "que",
            "die",
            "zu",
            "angekündigt",
            "—",
            "-se",
            "\u200d",
            "\u0301",
            "\n",
        ]
    ),
    max_size=60,
).map(" ".join)


@given(text=st.one_of(_WORDS, st.text(max_size=200)).filter(lambda text: any(letter.isalnum() for letter in text)), language=st.sampled_from(_LANGUAGES))
def test_passages_stand_in_the_text_in_order_and_apart(text: str, language: str) -> None:
    """Whatever the text is: within it, without space around them, none over another, and the same each time."""
    prepared: Prepared = prepared_from(text, language=language)
    for passages in (threat_passages, commitment_passages):
        found = passages(prepared)
        last = 0
        for start, end in found:
            assert last <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
            last = end
        assert found == passages(prepared)
