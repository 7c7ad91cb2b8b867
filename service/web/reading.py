"""What the reading page shows of a form and of what is wrong with it."""

from collections.abc import Mapping
from dataclasses import replace

from schemas.article import MAX_ARTICLE_CHARS
from schemas.entries import LETTERS
from schemas.problem import FieldError
from service.errors import VigieError
from service.examples import LANGUAGES
from service.forms import Form
from service.reports.report import SECTIONS
from service.web.answering import rendered

#: What is said beside a field, and again where it does not fit: Pydantic's words are for programs.
HINTS = {
    "published": "A year, a month, a day or an instant: 2026, 2026-03, 2026-03-12 or 2026-03-12T08:30Z.",
    "language": "A language tag such as en or pt-BR. It is detected where you leave it out.",
    "sections": "At least one.",
}
LABELS = {
    "text": "Article",
    "title": "Title",
    "published": "Published",
    "language": "Language",
    "source": "Source",
    "sections": "What to look for",
    "key": "Key",
}


#: A longer text is not sent back: it is no article that was copied a little too far, and grows where its signs are escaped.
MOST_SHOWN_CHARS = 2 * MAX_ARTICLE_CHARS
#: Of these faults no hint helps.
_PLAIN = frozenset({"repeated", "file", "extra_forbidden", "enum", "too_long", "string_too_long"})
_BROWSER_HAS_IT = "Go back: your browser still has what you typed."


def page_of(form: Form | None, fault: VigieError | None = None, headers: Mapping[str, str] | None = None, *, asks: bool) -> bytes:
    """Return the page with `form` as it is filled, and, where there is a `fault`, what is wrong.

    Args:
        form: What is in the fields; the key is never among it. None: nobody knows, as it was not read.
        fault: Why there is no report.
        headers: Those that go with the fault, of which one may say when to try again.
        asks: Whether callers need a key.
    """
    errors = [_told(error) for error in getattr(fault, "errors", ())]
    shown, unshown = _shown(form)
    return rendered(
        "reading.html",
        form=shown,
        unshown=unshown,
        fault=fault,
        errors=errors,
        wrong={name for name, _, _ in errors},
        retry_s=(headers or {}).get("Retry-After"),
        asks=asks,
        hints=HINTS,
        languages=LANGUAGES,
        sections=[(section.value, LETTERS[section], section.value.capitalize()) for section in SECTIONS],
    )


def _shown(form: Form | None) -> tuple[Form, str]:
    """Return what is shown of a form, and what is said of the rest."""
    if form is None:
        return Form(), _BROWSER_HAS_IT
    if len(form.text) > MOST_SHOWN_CHARS:
        return replace(form, text=""), f"The article is too long to be shown again. {_BROWSER_HAS_IT}"
    return form, ""


def _told(error: FieldError) -> tuple[str, str, str]:
    """Return which field of the page does not fit, its label, and what is wrong."""
    is_of_sections = error.pointer == "/section" or error.pointer.startswith("/options/sections")
    name = "sections" if is_of_sections else error.pointer.removeprefix("/")
    if name not in LABELS or error.code == "extra_forbidden":
        return "", name, error.detail
    return name, LABELS[name], error.detail if error.code in _PLAIN else HINTS.get(name, error.detail)
