"""Dates: when an article says of itself that it was published.

Three places tell it, the first before the others: a label ("Published: ..."), a date that stands alone on a line, and the dateline of an agency
("PARIS, 11 avril (Agence) -"). A date within a sentence tells what the article is about, and the date of an update tells nothing of the words that were
there before it: neither counts. Where two places of one kind differ, none does.
"""

import unicodedata

import regex

from schemas.vocabulary import PublishedBasis
from service.extraction.datelines.date_words import PUBLISHED, UPDATED, is_weekday
from service.extraction.datelines.written_days import WrittenDay, written_days

#: How much of a text is its head.
_HEAD_CHARS = 400
_HEAD_LINES = 5
#: A date this near to the end of a head that was cut may have been cut itself.
_CUT_CHARS = 40

#: `date 2024-04 La flotte part`: the one label after which a sentence may follow at once.
_BARE = regex.compile(r"(?:date|datum|fecha|дата|التاريخ|日期)\s*[:：]?\s*[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?", regex.IGNORECASE)
_COLUMN = regex.compile(r"[|•·]")
_CLAUSE = regex.compile(r"[|•·,;(]|\s[–—-]\s")
#: What may follow a date that is told as such: nothing, another column, or the date of an update.
_ENDED = regex.compile(r"[\s.。)\]】]*(?:$|[|•·]|来源|來源|作者)")
_SET_OFF = regex.compile(r"\s*(?:[|•·/(–—;]|-\s)")
_MORE = regex.compile(r"\s*[,;(–—/-]\s*")
_ARTICLE = regex.compile(r"(?:^|(?<=\s))(?:le|les|el|am|den|il|on|the|em|в|у|في|يوم|dated|op)$", regex.IGNORECASE)
#: A time of day between the label and the date.
_TIME_BEFORE = regex.compile(r"(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?,?\s*$", regex.IGNORECASE)
_LAST_WORD = regex.compile(r"[\p{L}\p{M}-]+$")
_BLANKS = regex.compile(r"\s+")
#: Bidirectional marks and the like, which stand between letters without being any.
_MARKS = regex.compile(r"\p{Cf}+")
_DIGIT = regex.compile(r"\p{Nd}")

_CAPITAL_NAME = r"\p{Lu}[\p{Lu}\p{M}'’.-]+(?:[ /]\p{Lu}[\p{Lu}\p{M}'’.-]+){0,3}"
#: "NEW YORK", "ODESSA (Ukraine)", "KYIV, Ukraine": in capitals.
_CAPITALS = regex.compile(rf"{_CAPITAL_NAME}(?:\s?\(\p{{L}}{{1,30}}\)|, \p{{Lu}}\p{{L}}{{1,30}})?")
#: "Berlin", or up to three words of a script without capitals.
_TOWN = regex.compile(r"\p{Lu}[\p{Ll}\p{M}'’]+(?:-\p{Lu}[\p{Ll}\p{M}]+)?|[\p{Lo}\p{M}]+(?: [\p{Lo}\p{M}]+){0,2}")
#: "Buenos Aires": several such words, where an agency follows.
_CITY = regex.compile(r"\p{Lu}[\p{Ll}\p{M}'’-]+(?: \p{Lu}[\p{Ll}\p{M}'’-]+){0,2}")
#: "(Agence) -", "/Agency/ --", "(Agencia).-".
_AGENCY = regex.compile(r"[,.]?\s*(?:[(（]\s?\p{L}[\p{L}\p{M}\p{N} .,&=-]{0,40}[)）]\s*[.:]?\s*[–—:-]|/\p{L}[\p{L}\p{M}\p{N} .,&=-]{0,40}/)")
_DASH = regex.compile(r"[,.]?\s*(?:[–—]|--?|\.-)(?![\p{L}0-9])")
_PLACE_NEXT = regex.compile(rf"[,.]?\s*(?:[–—]|--?)?\s*{_CAPITAL_NAME}")
#: What stands before and after the date of a dispatch in Chinese or Japanese.
_DISPATCHED_FROM = regex.compile(r"【?(?!据|據)[\p{Han}\p{Hiragana}\p{Katakana}]{0,14}[,、]?\s?")
_DISPATCHED = regex.compile(r"(?:综合)?[电電](?![\p{Hiragana}话話视視力子])|讯|訊|\s?[\p{L} ]{0,12}】")

#: What sets a place off from the date.
_SET_OFF_BY = (",", "،", "、")
_COMMAS = " ,،、"
_LABELLED, _ALONE, _DATELINE = range(3)


def dateline(text: str, language: str | None = None) -> tuple[str | None, PublishedBasis]:
    """Return the publication date that stands at the head of `text`.

    It is an EDTF month or day, or a timestamp; `XXXX-04-11` where the year is not told. None where there is none that is real and beyond doubt: `04/11/2024` is
    either of two days, unless `language` is one that always writes the day first.
    """
    language = None if language == "und" else language
    found: tuple[dict[str, None], ...] = ({}, {}, {})
    for line, end in _head(text):
        for day in written_days(line, language):
            kind = _kind(line, day, language)
            if kind is not None and day.end <= end:
                found[kind][day.value] = None
    values = next((list(values) for values in found if values), [])
    return (values[0], PublishedBasis.TEXT) if len(values) == 1 else (None, PublishedBasis.NONE)


def _head(text: str) -> list[tuple[str, int]]:
    """Return the first lines of `text`, with plain digits, one blank between words and no invisible signs, and up to where each was surely not cut."""
    lines = [_plain(line) for line in text[:_HEAD_CHARS].splitlines()]
    ends = [len(line) for line in lines]
    if len(text) > _HEAD_CHARS:
        ends[-1] -= _CUT_CHARS
    return [(line, end) for line, end in zip(lines, ends, strict=True) if line][:_HEAD_LINES]


def _plain(line: str) -> str:
    line = _MARKS.sub("", unicodedata.normalize("NFC", line))
    # Digits that `regex` knows and this Python does not, being of an older Unicode, stay as they are.
    return _BLANKS.sub(" ", _DIGIT.sub(lambda match: str(unicodedata.digit(match[0], match[0])), line)).strip()


def _kind(line: str, day: WrittenDay, language: str | None) -> int | None:
    """Return in which of the three ways `day` tells the publication, or None if it does not."""
    before, after = _TIME_BEFORE.sub("", line[: day.start]), line[day.end :]
    label = _without_article(_CLAUSE.split(_without_weekday(before, language))[-1], language)
    if UPDATED.fullmatch(label):
        return None
    if PUBLISHED.fullmatch(label):
        return _LABELLED if _told(after) or _SET_OFF.match(after) or _BARE.fullmatch(line[: day.end]) else None
    place = _COLUMN.split(before)[-1]
    if _told(after):
        lead = _without_article(place, language)
        in_capitals = _CAPITALS.fullmatch(lead.rstrip(_COMMAS))
        if in_capitals or (day.has_year and (not lead or (lead.endswith(_SET_OFF_BY) and _TOWN.fullmatch(lead.rstrip(_COMMAS))))):
            return _ALONE if day.has_year else _DATELINE
    return _DATELINE if _is_dispatch(_without_weekday(place, language), after) else None


def _is_dispatch(place: str, after: str) -> bool:
    """Tell whether what stands around a date is what agencies put there."""
    if _DISPATCHED_FROM.fullmatch(place) and _DISPATCHED.match(after):
        return True
    if not place:
        following = _PLACE_NEXT.match(after)
        after = after[following.end() :] if following else after
        return bool(_AGENCY.match(after) or (following and _DASH.match(after)))
    name = place.rstrip(_COMMAS)
    in_capitals = _CAPITALS.fullmatch(name)
    in_words = place.endswith(_SET_OFF_BY) and (_TOWN.fullmatch(name) or _CITY.fullmatch(name))
    return bool(((in_capitals or in_words) and _AGENCY.match(after)) or (in_capitals and _DASH.match(after)))


def _told(after: str) -> bool:
    """Tell whether nothing follows a date but another column or the date of an update."""
    more = _MORE.match(after)
    return bool(_ENDED.match(after) or (more and UPDATED.match(after, more.end())))


def _without_article(words: str, language: str | None) -> str:
    """Return `words` without the weekday and the article that lead to a date."""
    return _ARTICLE.sub("", _without_weekday(words, language)).strip()


def _without_weekday(words: str, language: str | None) -> str:
    """Return `words` without a weekday at their end."""
    last = _LAST_WORD.search(words.rstrip(" ,،、.("))
    return (words[: last.start()] if last and is_weekday(last[0], language) else words).strip()
