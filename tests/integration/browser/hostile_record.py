"""A record that tries in every field to be more than words, and what would show that it was."""

from typing import Any

from playwright.async_api import Page

from schemas.record import Actor, Commitment, Record, Target, Threat, Timeline
from tests.integration.browser.reading_parts import width_of
from tests.unit.reports import report_parts as parts

MARKUP = (
    "<script>globalThis.caught = 1</script>",
    '<img src="/nowhere.png" onerror="globalThis.caught = 1">',
    "\"'><svg onload=globalThis.caught=1><a href=javascript:globalThis.caught=1>here</a>",
    "</textarea></style></title></script><iframe srcdoc='<script>parent.caught=1</script>'></iframe>",
    '</p></mark></article><form action="https://evil.example"><input name="text" autofocus onfocus="globalThis.caught = 1">',
    '<link rel="stylesheet" href="https://evil.example/a.css"><style>body { display: none }</style><base href="https://evil.example/">',
    "{{7*7}} {% for a in b %} ${7*7} #{7*7} <%= 7*7 %>",
    "'; DROP TABLE keys; -- 1=1",
    "&lt;b&gt; &#60;b&#62; <!-- --> ]]> <![CDATA[ ",
    "T1 #T1 javascript:globalThis.caught=1 data:text/html,<script>globalThis.caught=1</script>",
    "event: record\ndata: {}\n\nevent: done\ndata: {}",
)
#: What turns the direction of writing, so that words are shown backwards or outside of their place.
BIDI = "the fleet \u202eevael lliw\u202c and \u2066stays\u2069 \u202dhere"
#: A word that no line holds.
LONG = "W" * 10_000
WORDS = (*MARKUP, BIDI, LONG)
TEXT = "\n\n".join(WORDS)

#: What no report holds, whatever it is about.
STRANGE = "script, img, iframe, object, embed, form, input, textarea, button, style, link, base, meta, [srcset], [srcdoc], [style], [autofocus]"
#: What of an element acts or leads away.
DANGEROUS = """(report) => [...report.querySelectorAll("*")].flatMap((element) => [...element.attributes])
  .filter(({name, value}) => /^on/i.test(name) || (/^(xlink:)?(href|src|action)$/.test(name) && !value.startsWith("#")))
  .map(({name, value}) => `${name}=${value}`)"""
TURNS = "(report) => (report.textContent.match(/[\\u202a-\\u202e\\u2066-\\u2069]/g) ?? []).length"


def hostile() -> Record:
    """Return a record in which every word is one of `WORDS`, and every place one of theirs."""
    entries: list[Actor | Threat | Target | Timeline | Commitment] = []
    for number, words in enumerate(WORDS, 1):
        a, t, g, w = (f"{letter}{number}" for letter in "ATGW")
        likelihood: dict[str, Any] = {"phrase": words, "band": None}
        entries += [
            parts.actor(TEXT, number, words, aliases=[words]),
            parts.threat(
                TEXT, number, words, by=[a], against=["A1"], action=words, condition=words, likelihood=likelihood, targets=[g], timelines=[w], asserted_by=[a]
            ),
            parts.target(TEXT, number, words, place=words, owners=[a], by=["A1"]),
            parts.timeline(TEXT, number, words, "2026-03-12", "2026-03-19", event=words, edtf=words),
            parts.commitment(TEXT, number, words, commitment=words, direct_quote=words, condition=words, threat=t, speakers=[a], beneficiaries=["A2"]),
        ]
    rejected = [{"section": "threats", "reason": "negated", "detail": words, "item": {words: words, "list": [words, {words: [words]}]}} for words in WORDS]
    warnings = [{"code": words, "detail": words, "start": 0, "end": len(TEXT)} for words in WORDS]
    told = " ".join(WORDS)
    # As long as a record may say them; a language is a tag.
    facts = {"title": f"{BIDI} {told}"[:1_000], "source": f"{BIDI} {told}"[:2_000], "published": MARKUP[0][:64]}
    record = parts.record(TEXT, *entries, rejected=rejected, warnings=warnings, **facts)
    return record.model_copy(update={"extraction": record.extraction.model_copy(update={"model": told, "prompt": told})})


async def harm(page: Page) -> dict[str, Any]:
    """Return what the record could do to `page` that shows it: elements, attributes, scripts, turned words, and what it does to the layout."""
    report = page.locator("#report")
    found = {
        "elements": await report.locator(STRANGE).count(),
        "attributes": await report.evaluate(DANGEROUS),
        "caught": await page.evaluate("globalThis.caught ?? null"),
        "turns": await report.evaluate(TURNS),
        "too wide": max(0, await width_of(page) - await page.evaluate("innerWidth")),
    }
    return {what: value for what, value in found.items() if value}
