"""What a page shows of something longer: `…` stands for what is left out.

In a list `…` stands for any entries and `… 11 …` for so many; a list without either is shown whole. An object shows what it likes of its keys. In a string `…`
stands for any words. Lines of output are shown in the same way: a line that is only `…` stands for any lines.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_DOTS = "…"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|…\s*\d+\s*…|…|\s+|.', re.DOTALL)
_COUNT = re.compile(r"… (\d+) …")


def is_printed(expected: tuple[str, ...], output: str) -> bool:
    """Return whether `output` is what a page shows: all of it but for what `…` or `...` stands for."""
    lines = "\n".join(expected).rstrip().split("\n")
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() in {_DOTS, "..."} else re.sub(r"…|\\\.\\\.\\\.", ".*", re.escape(line.rstrip())) + r"[ \t]*\n" for line in lines
    )
    return re.fullmatch(pattern, f"{output.rstrip()}\n") is not None


def parsed(shown: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON that a page shows, with what stands for something else as strings, or as keys of that name; comments are left out.

    Raises:
        ValueError: It is none.
    """
    whole, inside, before = "", [""], ""
    for token in _TOKEN.findall(shown):
        if token.startswith("//"):
            continue
        if token in {"{", "["}:
            inside.append(token)
        elif token in {"}", "]"} and len(inside) > 1:
            inside.pop()
        if token.startswith(_DOTS):
            name = json.dumps(" ".join(re.findall(r"…|\d+", token)), ensure_ascii=False)
            whole += f"{name}: null" if inside[-1] == "{" and before != ":" else name
        else:
            whole += token
        before = token.strip() or before
    return json.loads(whole)


def faults(shown: Any, real: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    """Yield where `shown`, as `parsed` returned it, is not what `real` holds."""
    if shown == _DOTS:
        return
    match shown, real:
        case dict(), dict():
            for name in shown:
                if name not in real and name != _DOTS:
                    yield f"{place}/{name}: there is none"
                elif name != _DOTS:
                    yield from faults(shown[name], real[name], f"{place}/{name}")
        case list(), list():
            yield from _faults_of_list(shown, real, place)
        case str(), str() if _DOTS in shown:
            if not re.fullmatch(".*".join(map(re.escape, shown.split(_DOTS))), real, re.DOTALL):
                yield f"{place}: {real!r}"
        case _ if shown != real or isinstance(shown, bool) != isinstance(real, bool):
            yield f"{place}: {real!r}"


def _faults_of_list(shown: list[Any], real: list[Any], place: str) -> Iterator[str]:
    gaps = [entry for entry in shown if isinstance(entry, str) and (entry == _DOTS or _COUNT.fullmatch(entry))]
    counts = [int(match[1]) for gap in gaps if (match := _COUNT.fullmatch(gap))]
    entries = [entry for entry in shown if entry not in gaps]
    if len(counts) == len(gaps) and len(entries) + sum(counts) != len(real):
        yield f"{place}: there are {len(real)} entries"
        return
    at = 0
    for number, entry in enumerate(entries):
        tried = [[*faults(entry, one, f"{place}/{number}")] for one in (real[at:] if gaps else real[at : at + 1])]
        if [] not in tried:
            yield from min(tried, key=len, default=[f"{place}/{number}: there is none"])
            return
        at += tried.index([]) + 1
