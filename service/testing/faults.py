"""What goes wrong with a model or on the way to it, by name: what its endpoint sends then, or how the connection ends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Spoilt:
    """An answer that is of little use or of none."""

    #: None: what the model would have said otherwise.
    content: str | None = None
    refusal: str | None = None
    finish_reason: str = "stop"
    #: How much of the content there is, from 0 to 1.
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer of the endpoint that is none of the model."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """A connection that ends without an answer, or on which none comes in time."""

    in_time: bool


Fault = Spoilt | Refused | Broken


def _error(code: str, message: str = "No.") -> Mapping[str, Any]:
    return {"error": {"message": message, "type": code, "param": None, "code": code}}


#: The faults, by the names under which tests ask for them.
FAULTS: Mapping[str, Fault] = {
    "truncated": Spoilt(finish_reason="length", share=0.5),
    "refused": Spoilt(refusal="No."),
    "filtered": Spoilt(content="", finish_reason="content_filter"),
    "empty": Spoilt(content=""),
    "garbled": Spoilt(content="Here is what I found:"),
    "invalid": Spoilt(content=json.dumps({"actors": "many"})),
    "rate_limited": Refused(429, _error("rate_limit_exceeded"), {"Retry-After": "7"}),
    "quota_exhausted": Refused(429, _error("insufficient_quota")),
    "unauthorised": Refused(401, _error("invalid_api_key")),
    "rejected": Refused(400, _error("invalid_request_error")),
    "too_long": Refused(400, _error("context_length_exceeded", "This model's maximum context length is 8192 tokens.")),
    "unavailable": Refused(503, _error("server_error")),
    "no_completion": Refused(200, {"detail": "Log in."}),
    "timed_out": Broken(in_time=False),
    "interrupted": Broken(in_time=True),
}


def fault_named(name: str) -> Fault:
    """Return the fault of that name.

    Raises:
        ValueError: There is none.
    """
    if name not in FAULTS:
        raise ValueError(f"there is no fault {name!r} among {', '.join(FAULTS)}")
    return FAULTS[name]
