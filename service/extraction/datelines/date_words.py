"""Words of dates: the names of months and weekdays in CLDR, and the labels under which an article tells its dates."""

from functools import cache

import regex
from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from service.extraction.language import SERVED
from service.extraction.quotes.folding import folded

#: Where a language has several sets of month names: those of the Levant and of the Maghreb, the Austrian January.
_VARIANTS = {"ar": ("ar", "ar_LB", "ar_DZ", "ar_MA"), "de": ("de", "de_AT"), "pt": ("pt", "pt_PT")}
#: Abbreviations that agencies write and CLDR does not.
_MORE_MONTHS = {"sept": 9, "апр": 4, "сент": 9}

#: What stands before the date of publication.
_PUBLISHED = (
    "date|data|published(?: on| at)?|publication date|date published|first published(?: on)?|posted(?: on)?|issued(?: on)?|release date|created",
    "publié(?:e)?(?: le)?|date de publication|mis en ligne le|paru le|publicad[oa](?: el| em)?|fecha(?: de publicación)?",
    "data de publicação|data di pubblicazione|veröffentlicht(?: am)?|erschienen(?: am)?|datum|pubblicato(?: il)?|gepubliceerd(?: op)?|geplaatst op",
    "дата(?: публикации| публікації)?|опубликовано|опубліковано|yayınlanma(?: tarihi)?|yayın tarihi|tarih|opublikowano|data publikacji|publicerad|publisert",
    "offentliggjort|julkaistu|publikováno|publicat(?: pe)?|objavljeno|közzétéve|δημοσιεύθηκε|ngày đăng|diterbitkan|tanggal",
    "التاريخ|تاريخ النشر|نشر(?: في)?|نُشر(?: في)?|פורסם(?: ב[-־]?)?|תאריך|تاریخ(?: انتشار)?",
    "日期|发布时间|发布日期|發布時間|发布于|发表于|发表时间|时间|公開日|公開|掲載日|掲載|配信|投稿日|日付|입력|게시|등록|기사입력|날짜",
)
#: What stands before the date of a later version.
_UPDATED = (
    "updated(?: on| at)?|last updated(?: on)?|last modified|modified|(?:dernière )?mise? à jour(?: le)?|modifiée?(?: le)?|actualizad[oa](?: el)?",
    "atualizado(?: em)?|aktualisiert(?: am)?|stand|zuletzt aktualisiert|geändert|aggiornato(?: il)?|bijgewerkt(?: op)?|обновлено|изменено|оновлено",
    "güncelleme(?: tarihi)?|güncellendi|aktualizacja|uppdaterad|oppdatert|opdateret|päivitetty|aktualizováno|actualizat|ažurirano|frissítve|ενημερώθηκε",
    "آخر تحديث|تحديث|עודכן(?: ב[-־]?)?|به‌روزرسانی|更新时间|更新时刻|更新于|更新日|更新|수정|업데이트|cập nhật|diperbarui",
)
PUBLISHED = regex.compile(rf"(?:{'|'.join(_PUBLISHED)})\s*[:：]?", regex.IGNORECASE)
#: The same in a language that is not English: 11/04 beside it is the eleventh of April.
_DAY_FIRST_LABEL = regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:{'|'.join(_PUBLISHED[1:-1])})(?![\p{{L}}\p{{M}}])", regex.IGNORECASE)
UPDATED = regex.compile(rf"(?:{'|'.join(_UPDATED)})\s*[:：]?", regex.IGNORECASE)

#: Languages that write 11/04 for the eleventh of April; English writes both, by country, and those that begin with the year do not need to be told.
_DAY_FIRST = frozenset(SERVED) - {"en", "und", "zh", "ja", "ko", "hu", "fa", "lt", "sw"}


def day_first(line: str, language: str | None) -> bool:
    """Tell whether the dates in `line` have the day before the month.

    They do if `language` always writes so or, where none is known, if the line has a label in one that does.
    """
    return _primary(language) in _DAY_FIRST if language else bool(_DAY_FIRST_LABEL.search(line))


def month(word: str, language: str | None) -> int | None:
    """Return the number of the month that `word` names in `language` or in English, or None; without a language, in all that are served and differ on none."""
    known = _months(_primary(language))
    # Hebrew joins the preposition to the month.
    numbers = {known.get(folded(part)) or known.get(folded(part.removeprefix("ב"))) for part in word.split("/")}
    return numbers.pop() if len(numbers) == 1 else None


def is_weekday(word: str, language: str | None) -> bool:
    """Tell whether `word` names a day of the week in `language` or in English; without a language, in any that is served."""
    return folded(word) in _weekdays(_primary(language))


def _primary(language: str | None) -> str:
    return (language or "und").split("-", maxsplit=1)[0].lower()


@cache
def _months(language: str) -> dict[str, int]:
    """Return the months by their folded names; one that names different months in different languages is left out."""
    found: dict[str, set[int]] = {name: {number} for name, number in _MORE_MONTHS.items()}
    for locale in _locales(language):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, locale).items():
                    found.setdefault(folded(name), set()).add(number)
    # "1月" and "Th1" are numbers, which are read as such.
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1 and name and not any(char.isdigit() for char in name)}


@cache
def _weekdays(language: str) -> frozenset[str]:
    return frozenset(
        folded(name)
        for locale in _locales(language)
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, context, locale).values()
    )


def _locales(language: str) -> list[Locale]:
    """Return the locales of a language and of English, or those of all that are served."""
    found = []
    for code in (language, "en") if language != "und" else SERVED:
        for name in _VARIANTS.get(code, (code,)):
            try:
                found.append(Locale.parse(name))
            except (UnknownLocaleError, ValueError):
                continue
    return found
