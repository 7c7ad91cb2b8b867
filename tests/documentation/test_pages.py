"""README and the pages of docs/ tell the truth: what they show works, as they show it, and what they link to is there."""

import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from service.problems import kinds
from tests.documentation.checkout import ROOT, checkout
from tests.documentation.page import Page, commands

PAGES = [Page(path) for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]]
LANGUAGES = frozenset({"console", "json", "jsonc", "python", "javascript", "yaml", "toml", "ini"})

#: The commands that are not run here, and what runs them. One that no page shows any more fails.
NOT_RUN = {
    r"^make (demo|setup|test|check|lock|prove)\b": "`make test` is where this runs; the others need an index, and .ci/run makes the checks",
    r"-m \"?(cost|embedded|browser|load)\b": "needs the weights (.ci/run), Chromium or a quiet machine",
    r"(make|vigie) eval\b": "asks the model about every gold article: tests/unit/cli/test_evaluating.py has other ones",
    r"vigie fetch\b": ".ci/run: needs an index",
    r"^python3 -m pip\b": "needs an index",
    r"^(python3 -m venv|venv/bin/)": "is about another environment, filled from an index",
    r"\bdocker\b": "needs a Docker engine: scripts/prove_image.py",
    r"vigie worker\b": "runs until it is stopped: tests/faults/test_jobs_worker.py",
    r"^VIGIE_MODEL=.*vigie extract": "asks an endpoint: tests/documentation/test_privacy.py has one",
}
#: The blocks in no language that is run: page, language, why.
NOT_READ = {
    ("README.md", ""): "the tree of folders",
    ("operating.md", "nginx"): "needs nginx",
    ("jobs.md", "dotenv"): "is Compose's to read",
}


def named(page: Page) -> str:
    """Return what the test of a page is called."""
    return page.path.relative_to(ROOT).as_posix()


@pytest.mark.integration
@pytest.mark.parametrize("page", [page for page in PAGES if page.blocks], ids=named)
def test_what_a_page_shows_works(page: Page, tmp_path: Path) -> None:
    """Whoever follows a page from top to bottom in a fresh checkout sees what it shows."""
    with checkout(tmp_path) as made:
        made.follow(page, passed_over=re.compile("|".join(NOT_RUN)))


def test_node_is_there() -> None:
    """The JavaScript of the pages is run."""
    if not shutil.which("node"):
        pytest.skip("there is no node: the JavaScript of the pages was not run")


@pytest.mark.parametrize("pattern", NOT_RUN)
def test_no_excuse_outlives_its_command(pattern: str) -> None:
    """A command that is not run is still shown somewhere."""
    shown = [command.text for page in PAGES for block in page.blocks if block.language == "console" for command in commands(block)]

    assert any(re.search(pattern, text) for text in shown)


def test_every_block_says_what_it_is() -> None:
    """A block is in a language that is read here, or is excused."""
    found = {(page.path.name, block.language) for page in PAGES for block in page.blocks if block.language not in LANGUAGES}

    assert found == {*NOT_READ}


def test_an_operator_learns_what_to_do_about_each_problem() -> None:
    """docs/operating.md has each code once in its table, and none that does not exist."""
    table = (ROOT / "docs/operating.md").read_text(encoding="utf-8").split("\n## Problems\n")[1].split("\n## ")[0]
    told = [code for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for code in re.findall(r"`([a-z-]+)`", row)]

    assert sorted(told) == sorted(kinds())


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Page) -> None:
    """Files, pictures and headings that a page links to are there; what is elsewhere is reached by https."""
    assert [link for link in page.links if not leads_somewhere(link, page)] == []


def leads_somewhere(link: str, page: Page) -> bool:
    """Return whether a link of `page` can be followed, as far as this machine can tell."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme == "https" and bool(parts.netloc)
    target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
    inside = target.exists() and (target.is_relative_to(ROOT) or target.is_relative_to(page.path.parent))
    return inside and (not parts.fragment or (target.suffix == ".md" and parts.fragment in Page(target).anchors))
