"""Language: in which of the languages of news a text is written."""

import regex

from service.extraction.identifier import identifier

#: Those that the identifier is asked to tell apart; all others only add confusions with rare neighbours of these.
SERVED = [
    "ar",
    "bg",
    "bn",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ka",
    "ko",
    "lt",
    "lv",
    "mk",
    "ms",
    "nl",
    "no",
    "pl",
    "ps",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "sw",
    "ta",
    "th",
    "tr",
    "uk",
    "ur",
    "uz",
    "vi",
    "zh",
]
#: Code points that are looked at: the beginning of an article tells.
_WINDOW = 1_000
#: Fewer letters than this tell nothing.
_MIN_LETTERS = 12

#: Addresses are in no language.
_ADDRESS = regex.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_IN_ADDRESS = ("://", "www.", "@")
#: A quote may be in another language than the article.
_QUOTED = regex.compile(r"«[^«»]{0,300}»|“[^“”]{0,300}”|\"[^\"]{0,300}\"")
_LETTER = regex.compile(r"\p{L}")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")


def detect(text: str) -> str:
    """Return the BCP 47 tag of the language that `text` begins in, or `und` where there is too little to tell."""
    window = text[:_WINDOW]
    if any(sign in window for sign in _IN_ADDRESS):
        window = _ADDRESS.sub(" ", window)
    own = _QUOTED.sub(" ", window)
    told = own if _tells(own) else window
    return identifier().identify(told) if _tells(told) else "und"


def _tells(text: str) -> bool:
    """Whether there is enough of `text` to tell its language."""
    # Its first words are nearly always enough.
    return any(len(_LETTER.findall(part)) + 4 * len(_UNSPACED.findall(part)) >= _MIN_LETTERS for part in (text[: 4 * _MIN_LETTERS], text))
