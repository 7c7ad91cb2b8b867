"""Faults of all kinds among good answers, as an endpoint has them in the long run."""

import zlib
from collections.abc import Mapping

from tests.rig.exchange import Exchange, Fault
from tests.rig.model_faults import MODEL_FAULTS
from tests.rig.transport_faults import TRANSPORT_FAULTS

#: Those without a number, each in its turn.
_FAULTS = [fault for name, fault in sorted({**TRANSPORT_FAULTS, **MODEL_FAULTS}.items()) if "#" not in name and name != "ok"]


async def mixed(call: Exchange) -> None:
    """Fail at so many calls in a hundred, the same ones each time, in one manner after the other."""
    drawn = zlib.crc32(f"{call.place}/{call.number}".encode())
    await (_FAULTS[drawn // 100 % len(_FAULTS)].act(call) if drawn % 100 < call.values[0] else call.good())


MIXED_FAULTS: Mapping[str, Fault] = {"mixed-#": Fault("K17", mixed)}
