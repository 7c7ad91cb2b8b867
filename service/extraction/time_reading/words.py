"""Words: what one word of a time says, and the classes of words that there are.

A class is a letter, so that a reading of an expression is a string of letters, and the grammar is written over such strings.
"""

from dataclasses import dataclass

from schemas.time import Unit, Weekday

#: Classes of words without a value of their own, by their names in the lexicons. The others are N number, O ordinal, R Roman number, Y year, U unit,
#: P units, Z count and unit in one, W weekday, M month, S season, A offset, K count of weeks, T date, e part, D part of the day, 午 meridiem, C clock,
#: V "18.30", v vague, and ? for what is in no lexicon.
CLASSES = {
    "not": "¬",  # what it denies is not told
    "filler": "_",
    "article": "_",
    "last": "l",
    "next": "n",
    "lasts": "l",  # in the plural
    "nexts": "n",
    "this": "t",
    "past": "p",  # a span that ends now: the past week
    "coming": "c",  # a span that begins now: the coming week
    "before_last": "L",
    "after_next": "X",
    "few": "F",
    "about": "~",
    "more": "+",
    "less": "<",
    "since": "b",
    "from": "f",
    "until": "u",
    "by": "y",
    "before": "x",
    "after": "a",
    "within": "w",
    "during": "m",
    "for": "d",
    "in": "i",
    "ago": "g",
    "every": "r",
    "between": "B",
    "and": "&",
    "to": ">",
    "following": "k",
    "event": "E",
    "earlier": "h",
    "later": "H",
    "night": "G",
    "night_to": "J",
    "zone": "z",
    "dozen": "打",
    "clock_mark": "时",
    "year_mark": "年",
    "month_mark": "月",
    "day_mark": "日",
    "decade_mark": "代",
    "ordinal_mark": "°",
}

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Word:
    """One reading of one word.

    Attributes:
        letter: Its class.
        number: A count, a day, a month, a year, the steps of an offset.
        unit: The unit that it is or counts.
        text: A day of the week, a date, a part, a time of day, as the draft writes it.
        digits: Whether a number is written in digits.
        many: Whether an adjective is in the plural.
        article: Whether it is `the`, or `the` stands right before it.
        apart: Whether a word that tells nothing stands right before it: the 15th "of" next month.
        ranged: Whether a number is the greater of two: 24 to 48.
    """

    letter: str
    number: int = 0
    unit: Unit = "day"
    text: str = ""
    digits: bool = False
    many: bool = False
    article: bool = False
    apart: bool = False
    ranged: bool = False


#: The readings of one word, the likeliest first; a longer phrase counts as one word.
Readings = tuple[Word, ...]
UNKNOWN: Readings = (Word("?"),)


def letters(words: list[Word]) -> str:
    """Return the classes of `words` as a string of as many letters."""
    return "".join([word.letter for word in words])
