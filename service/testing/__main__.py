"""`python -m service.testing`: writes recordings by hand, for those whose tests are not in Python.

    python -m service.testing FOLDER ARTICLE --finds RECORD.json
    python -m service.testing FOLDER ARTICLE --fails rate_limited

ARTICLE is a text, or the JSON body of a request (`.json`). What callers will get is printed: the record, or the code and the words of a problem.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from service import logs
from service.cli.terminal import say
from service.errors import ValidationFailed, VigieError
from service.testing.faults import FAULTS
from service.testing.recordings import Recordings


def main() -> int:
    """Write a recording; return the exit code: 2 if what was given is wrong."""
    arguments = _parser().parse_args()
    logs.configure("critical")  # what fails is meant to
    try:
        article = _article_in(arguments.article)
        recordings = Recordings(arguments.folder)
        if arguments.fails:
            fault = recordings.fails(article, arguments.fails)
            told = f"{fault.code}: {fault.detail}" if fault else "There is a record all the same."
        else:
            record = _object_in(arguments.finds) if arguments.finds else {}
            told = recordings.finds(article, record=record).model_dump_json(indent=2)
    except ValidationFailed as error:
        say("; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.errors))
    except VigieError as error:
        say(error.detail)
    except OSError as error:
        say(f"{error.filename} cannot be read or written: {error.strerror}.")
    except ValueError as error:  # of JSON, of UTF-8, of a body, of a record
        say(f"What was given does not fit: {error}")
    else:
        sys.stdout.write(f"{told}\n")
        return 0
    return 2


def _article_in(path: Path) -> str | dict[str, Any]:
    # Byte for byte, as callers send it: line ends are part of a text.
    return _object_in(path) if path.suffix == ".json" else path.read_bytes().decode()


def _object_in(path: Path) -> dict[str, Any]:
    value = json.loads(path.read_bytes())
    if not isinstance(value, dict):
        raise ValueError(f"{path} holds no JSON object")  # noqa: TRY004 - as whatever else does not fit
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m service.testing", description="Write recordings by hand: what the model finds in an article, or how it fails."
    )
    parser.add_argument("folder", type=Path, help="folder of recordings, as VIGIE_REPLAY_DIR names it; made where it is missing")
    parser.add_argument("article", type=Path, help="text, or JSON body of a request (.json)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--finds", type=Path, metavar="RECORD", help="JSON of what the model finds, in the form of a record; nothing when missing")
    what.add_argument("--fails", choices=FAULTS, metavar="FAULT", help=", ".join(FAULTS))
    return parser


if __name__ == "__main__":
    sys.exit(main())
