"""Times: whether words tell a time, and in which interval it lies."""

from collections.abc import Iterator
from functools import cache

import regex
from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names
from babel.units import format_unit

from schemas.draft import TimelineDraft
from schemas.vocabulary import Direction
from service.extraction.lexicons import primary_subtag
from service.extraction.quotes.folding import folded
from service.extraction.time_placing.interval import Interval, interval
from service.extraction.time_placing.publication import publication
from service.extraction.time_reading import agrees, read_time

_UNITS = ("hour", "day", "week", "month", "year", "century", "minute")
#: Counts that between them show every plural form of the languages of CLDR.
_COUNTS = (0, 1, 1.5, 2, 3, 5, 11, 100)
#: Words that place a time, and forms of its units, which CLDR does not list.
_MORE_WORDS = {
    "en": "yesterday today tomorrow tonight weekend fortnight night morning afternoon evening midnight noon dawn decade summer winter spring autumn soon "
    "quarter 1990s",
    "fr": "hier demain aujourd'hui nuit matin soir midi minuit aube an ans année années décennie hiver printemps automne bientôt veille "
    "lendemain trimestre imminent imminente",
    "es": "ayer hoy mañana noche tarde madrugada década verano invierno primavera otoño pronto trimestre",
    "de": "gestern vorgestern heute morgen übermorgen nacht abend nachmittag mittag wochenende jahrzehnt sommer winter frühling herbst bald quartal "
    "tagen stunden",
    "it": "ieri oggi domani notte mattina sera",
    "pt": "ontem hoje amanhã noite manhã",
    "ru": "вчера позавчера сегодня завтра послезавтра ночь ночью утром вечером скоро вскоре десятилетие летом зимой весной осенью дни годов году",
    "uk": "вчора сьогодні завтра вночі вранці ввечері незабаром дні році",
    "ar": "أمس اليوم غدا الليلة صباح مساء قريبا أسبوع الأسبوع شهر الشهر عام العام سنة ساعة ساعات أيام الأيام يوم",
    "he": "אתמול היום מחר הלילה שבוע חודש שנה בקרוב",
    "tr": "dün bugün yarın gece sabah akşam",
}
#: The same for scripts without spaces, where a word is found inside others. A number without a bound would be looked through anew from each of its digits.
_UNSPACED_WORDS = regex.compile(
    r"昨天|今天|明天|昨日|今日|明日|前天|后天|本周|上周|下周|周[一二三四五六日末]|星期|[0-9一二三四五六七八九十]{1,12}+(?:天|日|周|个?月|年|小时|時間|週間)|去年|今年|明年|本月|上月|下月|近日|日前|未来|上个月|下个月|"
    r"先週|今週|来週|先月|今月|来月|昨年|来年|[月火水木金土日]曜日?|지난주|다음|내일|어제|오늘|주말"
)
_NUMERIC = regex.compile(r"\b(?:1[89]|20)[0-9]{2}\b|\b[0-9]{1,2}[:h.][0-9]{2}\b|\b[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}\b")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)?")
#: A word of at least this many letters may end otherwise than CLDR writes it (cases, plurals) and still be the same word.
_INFLECTED_CHARS = 6
#: As many letters may stand behind the stem of such a word.
_MOST_ENDING_CHARS = 3


def resolve(entry: TimelineDraft, published: str | None, language: str, sentence: str | None = None) -> Interval:
    """Return the interval in which the time of `entry` lies, seen from `published`.

    The words decide: what they say is read by code. Only words that cannot be read leave the word to the model's own draft of the time, and only if that
    holds the numbers, months and days that the words hold, and no others.

    Args:
        entry: The expression as the article has it, and what the model made of it.
        published: When the article was published, as its record tells it; None where that is not known.
        language: The language of the article.
        sentence: The sentence that holds the expression, whose words may bound it ("by", "since").
    """
    told = read_time(entry.expression, language, direction=entry.direction, sentence=sentence)
    if told is None and entry.time is not None and agrees(entry.time, entry.expression, language):
        told = entry.time
    return interval(told, published) if told else Interval()


def seen(lies: Interval, published: str | None, said: Direction) -> Direction:
    """Return on which side of `published` an interval lies where the calendar tells, else as it was `said` to lie."""
    day = publication(published)
    if day is None:
        return said
    if lies.end and lies.end[:10] < day.first.isoformat():
        return Direction.PAST
    # What only has an end is as far off as that: a deadline.
    begins = lies.start or lies.end
    if begins and begins[:10] > day.last.isoformat():
        return Direction.FUTURE
    return said


def time_words(text: str, language: str) -> list[str]:
    """Return the words of `text` that tell a time, as they are written, each once, in the order of the text."""
    return list(dict.fromkeys(_time_words(text, language)))


def tells_time(text: str, language: str) -> bool:
    """Whether any word of `text` tells a time."""
    return next(_time_words(text, language), None) is not None


def _time_words(text: str, language: str) -> Iterator[str]:
    for pattern in (_NUMERIC, _UNSPACED_WORDS):
        yield from (match[0] for match in pattern.finditer(text))
    exact, stems = _lexicon(primary_subtag(language))
    for match in _WORD.finditer(text):
        whole = folded(match[0])
        word = folded(match[0].replace("’", "'").split("'")[-1])
        if word in exact or whole in exact or any(word[:length] in stems for length in range(max(len(word) - _MOST_ENDING_CHARS, 0), len(word) + 1)):
            yield match[0]


@cache
def _lexicon(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the folded words of time of `language` and of English, and the stems of those that may end otherwise."""
    own, english = _words(language), _words("en")
    stems = {word[: -2 if len(word) >= _INFLECTED_CHARS + 2 else -1] for word in own if len(word) >= _INFLECTED_CHARS}
    return frozenset(own | english), frozenset(stems)


def _words(language: str) -> set[str]:
    """Return the folded words of time of one language: its days, months and units, and what CLDR does not list."""
    words = {folded(word) for word in _MORE_WORDS.get(language, "").split()}
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return words
    for context in ("format", "stand-alone"):
        for names in (get_day_names("wide", context, locale), get_month_names("wide", context, locale), get_month_names("abbreviated", context, locale)):
            # Word by word: some are two ("terça-feira").
            words.update(folded(word) for name in names.values() for word in _WORD.findall(name))
    for unit in _UNITS:
        for count in _COUNTS:
            words.update(folded(word) for word in _WORD.findall(format_unit(count, f"duration-{unit}", locale=locale)))
    # A lone letter is no word of time, nor is a number by itself.
    return {word for word in words if len(word) > 1 and not word.isdecimal()}
