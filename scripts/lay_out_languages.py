"""Lay out the model of py3langid anew, for the languages served: `python scripts/lay_out_languages.py`."""

import json
import struct
import zlib
from collections import deque
from pathlib import Path

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from service.extraction.language import SERVED

TABLE = Path(__file__).parents[1] / "service" / "extraction" / "languages.z"
#: Weights are multiples of this part of one.
_PARTS = 1 << 9


def laid_out() -> bytes:
    """Return the table of `service/extraction/identifier.py`, not compressed yet."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(SERVED)
    names = _sequences(model)
    order = sorted(names, key=lambda state: (len(names[state]), names[state]))
    place = {names[state]: at for at, state in enumerate(order)}
    children = [0] * len(order)
    for name in place:
        if name:
            children[place[name[:-1]]] += 1
    rows: dict[int, int] = {}
    row_of = [rows.setdefault(feature, len(rows)) if (feature := int(model.tk_output[state])) >= 0 else -1 for state in order]
    weights = np.asarray(model.nb_ptc).astype(float)[list(rows)] * _PARTS
    if (weights != weights.round()).any():
        raise ValueError("A weight is no multiple of the unit.")
    least = weights.min(axis=0)
    above = (weights - least).astype("<u2")
    # Where nothing of a row is above the least, one lane of it is kept.
    starts = [int(lanes.nonzero()[0].min(initial=len(SERVED) - 1)) for lanes in above]
    ends = [int(lanes.nonzero()[0].max(initial=start)) + 1 for lanes, start in zip(above, starts, strict=True)]
    tables = {
        "last": bytes(name[-1] if name else 0 for name in place),
        "children": bytes(children),
        "shorter": struct.pack(f"<{len(place)}I", *(_shorter(name, place) for name in place)),
        "row": struct.pack(f"<{len(row_of)}i", *row_of),
        "start": bytes(starts),
        "width": bytes(end - start for start, end in zip(starts, ends, strict=True)),
        "weights": b"".join(lanes[start:end].tobytes() for lanes, start, end in zip(above, starts, ends, strict=True)),
    }
    head = {
        "languages": model.nb_classes,
        "prior": model.nb_pc.tolist(),
        "least": (least / _PARTS).tolist(),
        "unit": 1 / _PARTS,
        "sizes": {name: len(table) for name, table in tables.items()},
    }
    return json.dumps(head).encode() + b"\n" + b"".join(tables.values())


def _sequences(model: LanguageIdentifier) -> dict[int, bytes]:
    """Return what has been read in each state of the model at least: the shortest way to it."""
    names, waiting = {0: b""}, deque([0])
    while waiting:
        state = waiting.popleft()
        begin = model.tk_row[state] << 8
        for byte, following in enumerate(model.tk_nextmove[begin : begin + 256]):
            if following not in names:
                names[following] = names[state] + bytes([byte])
                waiting.append(following)
    return names


def _shorter(name: bytes, place: dict[bytes, int]) -> int:
    """Return the place of the longest other sequence that is the end of this one; the empty one is."""
    return next((place[name[cut:]] for cut in range(1, len(name)) if name[cut:] in place), 0)


if __name__ == "__main__":
    TABLE.write_bytes(zlib.compress(laid_out(), 9))
    print(f"{TABLE.name}: {TABLE.stat().st_size} bytes")
