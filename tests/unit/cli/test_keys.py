"""`vigie keys`."""

import json
import re
from pathlib import Path

import pytest

from service import cli
from service.access.key_file import KeyFile
from service.access.keys import KeyRing

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the command."""
    monkeypatch.setenv("VIGIE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def made(capsys: Captured, *arguments: str) -> str:
    """Return the key that `vigie keys add` prints."""
    assert cli.main(["keys", "add", *arguments]) == 0
    out, _ = capsys.readouterr()
    return out.removesuffix("\n")


def test_a_key_is_printed_once_and_opens(capsys: Captured, folder: Path) -> None:
    """The key is alone on standard output; no list shows it again, and it opens the door until it is revoked."""
    key = made(capsys, "the archive")
    identity = key.split("_")[1]
    ring = KeyRing((), KeyFile(folder))
    assert re.fullmatch(r"vg_[0-9a-f]{10}_[A-Za-z0-9_-]{43}", key)
    assert ring.find(key)

    assert cli.main(["keys", "list"]) == 0
    out, _ = capsys.readouterr()
    assert "the archive" in out
    assert key.split("_", 2)[2] not in out

    assert cli.main(["keys", "revoke", identity]) == 0
    assert KeyRing((), KeyFile(folder)).find(key) is None


def test_what_a_key_may_is_listed(capsys: Captured) -> None:
    """Scopes, limits and the end of each key, for people and for programs."""
    made(capsys, "one", "--scope", "extract", "--scope", "jobs", "--expires-in", "90d", "--rate", "60", "--concurrency", "4")
    made(capsys, "other", "--scope", "admin", "--expires-in", "0s")
    assert cli.main(["keys", "list"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert cli.main(["keys", "list", "--json"]) == 0
    one, other = map(json.loads, capsys.readouterr().out.splitlines())

    assert re.fullmatch(r"id +name +scopes +created +expires +a minute +at once", table[0])
    assert re.fullmatch(r"[0-9a-f]{10} +one +extract jobs +\S+ \S+ +\S+ \S+ +60 +4", table[1])
    assert re.fullmatch(r"[0-9a-f]{10} +other +admin +\S+ \S+ +\S+ \S+ \(over\) +- +-", table[2])
    assert (one["scopes"], one["rate_per_minute"], one["concurrency"], one["is_over"], other["is_over"]) == (["extract", "jobs"], 60, 4, False, True)
    assert "sha256" not in one


def test_an_old_key_may_open_while_callers_change(capsys: Captured, folder: Path) -> None:
    """A key that ends later opens until then, beside the new one."""
    old, new = made(capsys, "caller"), made(capsys, "caller")
    assert cli.main(["keys", "revoke", old.split("_")[1], "--in", "24h"]) == 0
    ring = KeyRing((), KeyFile(folder))

    assert "from 2" in capsys.readouterr().err
    assert ring.find(old)
    assert ring.find(new)


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", ""],
        ["add", "a\nb"],
        ["add", "a" * 101],
        ["add", "a", "--scope", "all"],
        ["add", "a", "--rate", "0"],
        ["add", "a", "--rate", "-1"],
        ["add", "a", "--expires-in", "soon"],
        ["revoke", "0000000000"],
        ["revoke", "0000000000", "--in", "1y"],
        [],
    ],
)
def test_what_cannot_be_done_is_one_line(capsys: Captured, folder: Path, arguments: list[str]) -> None:
    """A wrong order ends with 2 and one line, and makes no key."""
    made(capsys, "somebody")
    try:
        code = cli.main(["keys", *arguments])
    except SystemExit as ended:
        code = int(str(ended.code))
    out, err = capsys.readouterr()

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert len(KeyFile(folder).read()) == 1


def test_a_file_that_is_none_is_not_overwritten(capsys: Captured, folder: Path) -> None:
    """What cannot be read is left as it is, and its words are not repeated."""
    folder.mkdir()
    (folder / "keys.json").write_text('{"canari-7f3a": 1}', encoding="utf-8")

    for order in (["add", "a"], ["list"], ["revoke", "0"]):
        assert cli.main(["keys", *order]) == 2
        assert "canari" not in "".join(capsys.readouterr())
    assert (folder / "keys.json").read_text(encoding="utf-8") == '{"canari-7f3a": 1}'
