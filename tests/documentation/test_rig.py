"""What follows the pages notices what is wrong with them."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documentation.checkout import Checkout, UntrueError, checkout
from tests.documentation.excerpt import faults, is_printed, parsed
from tests.documentation.page import Page, commands
from tests.documentation.test_pages import leads_somewhere

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
LINES = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])).map(str.rstrip).filter(bool), min_size=1)


def page(folder: Path, text: str) -> Page:
    """Return a page that holds `text`."""
    (folder / "page.md").write_text(text, encoding="utf-8")
    return Page(folder / "page.md")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """Yield one checkout for all pages of this file."""
    with checkout(tmp_path_factory.mktemp("rig")) as made:
        yield made


TRUE = [
    "```console\n$ echo one \\\n  two\none two\n$ printf 'a\\nb\\nc\\n'\na\n…\n```",
    '```console\n$ echo \'{"a": [1, 2, 3], "b": "long words"}\'\n```\n\n```json\n{"a": [1, … 2 …], "b": "long …", …}\n```',
    '```console\n$ echo \'{"a": 1}\' > a.json\n```\n\n```jsonc a.json\n{"a": 1} // as written\n```',
    "```console\n$ cd examples && ls\n...strait.txt\n```",
    "```python\nwords = open('examples/strait.txt', encoding='utf-8')\n```\n\n```python\nwith words:\n    assert words.read().startswith('ORMEN')\n```",
    "```console\n$ echo 1 / 0 > a.py\n```\n\n```python a.py\n1 / 0\n```",
    "```yaml\na: [1]\n```\n\n```ini\n[a]\nb = 50%\n```",
    "```console\n$ false # not run\n```",
]
UNTRUE = [
    ("```console\n$ no-such-command\n```", "ends with 127"),
    ("```console\n$ echo one\ntwo\n```", "prints:\none"),
    ("```console\n$ echo one\none\ntwo\n```", "prints:\none"),
    ("```console\none\n```", "line 2: output without a command"),
    ('```console\n$ echo \'{"a": 1}\'\n```\n\n```json\n{"a": 2}\n```', "/a: 1"),
    ('```console\n$ echo \'{"a": [1, 2]}\'\n```\n\n```json\n{"a": [1]}\n```', "/a: there are 2 entries"),
    ("```json\n{]\n```", "line 2"),
    ("```python\none = 1\nassert one == 2\n```", "line 3: AssertionError"),
    ("```console\n$ echo 1 > a.py\n```\n\n```python a.py\n2\n```", "not what a.py holds"),
    ("```console\n$ false\n```\n\n```python\nnone\n```", "line 6: name 'none' is not defined"),
    ("```yaml\na: [\n```", "line 2"),
    ("```console\n$ no-such/vigie serve\n```", "does not serve"),
]


@pytest.mark.integration
@pytest.mark.parametrize("text", TRUE)
def test_a_true_page_passes(made: Checkout, tmp_path: Path, text: str) -> None:
    """What comes as it is shown is right, also where the page leaves something out."""
    made.follow(page(tmp_path, text), passed_over=re.compile("not run"))


@pytest.mark.integration
@pytest.mark.parametrize(("text", "said"), UNTRUE)
def test_an_untrue_page_fails(made: Checkout, tmp_path: Path, text: str, said: str) -> None:
    """A wrong command, wrong output, wrong JSON and wrong code are each found, and where they stand is said."""
    with pytest.raises(UntrueError, match=re.escape(said)):
        made.follow(page(tmp_path, text), passed_over=re.compile("not run"))


@pytest.mark.integration
@pytest.mark.skipif(not shutil.which("node"), reason="there is no node")
def test_javascript_is_run(made: Checkout, tmp_path: Path) -> None:
    """JavaScript that throws fails the page."""
    with pytest.raises(UntrueError, match="ends with 1"):
        made.follow(page(tmp_path, '```javascript\nthrow new Error("no")\n```'), passed_over=re.compile("not run"))


@pytest.mark.integration
def test_a_page_has_a_service_and_it_ends(tmp_path: Path) -> None:
    """What a page starts on port 8000 is asked there by what follows, replays, and is gone at the end."""
    text = """
```console
$ make serve
…"mode": "replay", "model": "embedded", "port": 8000, …
$ curl -s http://127.0.0.1:8000/readyz
```

```json
{"status": "ready", "mode": "replay"}
```
"""
    with checkout(tmp_path) as made:
        made.follow(page(tmp_path, text), passed_over=re.compile("not run"))
        server = made._server
        assert server is not None
        assert server.poll() is None

    assert server.poll() is not None


def test_a_command_may_go_on(tmp_path: Path) -> None:
    """A backslash at the end joins the next line to the command; what comes after it is output."""
    (block,) = page(tmp_path, "```console\n$ a \\\n  b\nc\n$ d\n```").blocks

    assert [(one.text, one.expected, one.line) for one in commands(block)] == [("a \\\n  b", ("c",), 2), ("d", (), 5)]


def test_dead_links_are_found(tmp_path: Path) -> None:
    """A file, a picture or a heading that is not there is found, and an address without https, in Markdown and in HTML."""
    good = "# One *two*, `three`\n\n## Same\n\n## Same\n\n[a](#one-two-three) [b](#same-1) [c](page.md#same) [d](https://vigie.example)"
    bad = '[e](#two) [f](gone.md) ![g](gone.svg) [h](page.md#gone) [i](http://vigie.example) <img src="gone.png">\n\n<a href="gone">j</a>'
    shown = page(tmp_path, f"{good} {bad}\n")

    assert [link for link in shown.links if not leads_somewhere(link, shown)] == [
        "#two",
        "gone.md",
        "gone.svg",
        "page.md#gone",
        "http://vigie.example",
        "gone.png",
        "gone",
    ]


@given(VALUES)
def test_what_is_shown_whole_is_right(value: object) -> None:
    """Any JSON is an excerpt of itself."""
    assert [*faults(parsed(json.dumps(value)), json.loads(json.dumps(value)))] == []


@given(st.lists(st.integers(), min_size=1), st.data())
def test_a_list_may_be_shown_in_part(values: list[int], data: st.DataObject) -> None:
    """A list from which entries are left out is right with dots in their place, and wrong without or with another count."""
    at = data.draw(st.integers(0, len(values) - 1))
    till = data.draw(st.integers(at + 1, len(values)))
    for dots, right in (("…", True), (f"… {till - at} …", True), (f"… {till - at + 1} …", False), ("", False)):
        shown = ", ".join(filter(None, [*map(str, values[:at]), dots, *map(str, values[till:])]))
        assert ([*faults(parsed(f"[{shown}]"), values)] == []) is right


@given(LINES, st.data())
def test_output_may_be_shown_in_part(lines: list[str], data: st.DataObject) -> None:
    """Output is shown whole, with any run of lines left out, or with any part of a line left out."""
    at = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(0, len(lines[at])))
    output = "\n".join(lines)

    assert is_printed(tuple(lines), output)
    assert is_printed((*lines[:at], "…"), output)
    assert is_printed((*lines[:at], f"{lines[at][:cut]}…", *lines[at + 1 :]), output)
    assert not is_printed((*lines, "more"), output)
