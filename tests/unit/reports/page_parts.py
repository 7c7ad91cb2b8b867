"""A page of a report as its reader's browser has it."""

from html.parser import HTMLParser

from schemas.record import Record
from service.reports.document import document
from service.reports.report import Report

#: All that a report is made of; whatever else turned up would come from an article or a record.
_ELEMENTS = """
    html head meta title style body header main nav section article div span p h1 h2 h3 h4 ul ol li dl dt dd blockquote details summary a b bdi mark
    figure figcaption table caption thead tbody tr th td time small
    svg g desc defs marker path line polyline polygon rect circle ellipse text tspan mask stop pattern lineargradient
"""

Attributes = dict[str, str | None]


class Page(HTMLParser):
    """The tags of a page, and its words."""

    def __init__(self, html: str) -> None:
        """Read all of `html`."""
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, Attributes]] = []
        self._words: list[str] = []
        self._styled = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append((tag, dict(attrs)))
        self._styled = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the style, which is no words."""
        self._styled = self._styled and tag != "style"

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if not self._styled:
            self._words.append(data)

    @property
    def words(self) -> str:
        """All words, with one blank between any two."""
        return " ".join("".join(self._words).split())

    def having(self, attribute: str) -> list[str]:
        """Return every value of an attribute, in the order of the page."""
        return [attributes[attribute] or "" for _, attributes in self.tags if attribute in attributes]

    def check_inert(self) -> None:
        """Check that nothing in it runs, and nothing comes from elsewhere."""
        assert {tag for tag, _ in self.tags} <= {*_ELEMENTS.split()}
        assert sum(tag == "style" for tag, _ in self.tags) == 1
        names = {name for _, attributes in self.tags for name in attributes}
        assert not {name for name in names if name.startswith("on")}
        assert not names & {"style", "src", "srcset", "srcdoc", "action", "formaction", "background", "ping"}
        assert {value[:1] for name in ("href", "xlink:href") for value in self.having(name)} <= {"#"}
        assert [attributes.get("http-equiv") for tag, attributes in self.tags if tag == "meta" and "http-equiv" in attributes] == ["Content-Security-Policy"]


def page(text: str, record: Record, seconds: float | None = None) -> Page:
    """Return the report on a record of `text`, read."""
    return Page(document(Report(text, record, seconds)))
