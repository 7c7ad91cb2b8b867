"""Each fault by its name: a recording of it, and a live service before an endpoint that has it, give the same problem."""

from pathlib import Path

import pytest
import respx

from service.errors import VigieError
from service.settings import bare_settings
from service.testing import FAULTS, Recordings, openai_route
from service.testing.serving import client_of, replaying

ADDRESS = "http://llm.test/v1"
ARTICLE = "Valmer threatened on Friday to shell the army base at Teln."
#: What callers are told, by the name of the fault.
TOLD = {
    "truncated": (502, "model-output-truncated"),
    "refused": (422, "model-refused"),
    "filtered": (422, "model-refused"),
    "empty": (502, "upstream-invalid-response"),
    "garbled": (502, "model-output-invalid"),
    "invalid": (502, "model-output-invalid"),
    "rate_limited": (503, "upstream-rate-limited"),
    "quota_exhausted": (503, "upstream-quota-exhausted"),
    "unauthorised": (502, "upstream-misconfigured"),
    "rejected": (502, "upstream-rejected-request"),
    "too_long": (413, "article-too-long"),
    "unavailable": (503, "upstream-unavailable"),
    "no_completion": (502, "upstream-invalid-response"),
    "timed_out": (503, "upstream-unavailable"),
    "interrupted": (502, "upstream-invalid-response"),
}


def test_every_fault_is_shown_here() -> None:
    """A fault that joins the others says what callers are told."""
    assert {*TOLD} == {*FAULTS}


@pytest.mark.parametrize("fault", FAULTS)
def test_k09_a_recorded_fault_is_that_of_a_live_service(tmp_path: Path, fault: str) -> None:
    """Status and problem are the same, but for the id of the request; and `fails` says so beforehand."""
    recordings = Recordings(tmp_path / "recordings")
    error = recordings.fails(ARTICLE, fault)
    with client_of(replaying(recordings.folder, tmp_path / "replayed")) as client:
        replayed = client.post("/extract", json={"text": ARTICLE})
    # An endpoint that says when to come again is asked again, unless the deadline is before that.
    more = {"deadline_s": 4} if fault == "rate_limited" else {}
    live_settings = bare_settings(model="reader", openai_base_url=ADDRESS, openai_api_key="k", data_dir=tmp_path / "live", cache_mb=0, **more)
    with respx.mock(using="httpcore2") as router, client_of(live_settings) as client:
        route = openai_route(router, fails=fault, base_url=ADDRESS)
        live = client.post("/extract", json={"text": ARTICLE})

    assert route.called
    assert (replayed.status_code, replayed.json()["code"]) == TOLD[fault]
    assert {**live.json(), "instance": ""} == {**replayed.json(), "instance": ""}
    assert ("retry-after" in live.headers) is ("retry-after" in replayed.headers)
    assert isinstance(error, VigieError)
    assert (error.status, error.code, error.detail) == (live.status_code, live.json()["code"], live.json()["detail"])


def test_what_is_no_fault_is_said_to_be_none(tmp_path: Path) -> None:
    """A name that was mistyped does not pass for a fault that befalls nobody; those that there are, are told."""
    with pytest.raises(ValueError, match="no fault 'rate-limited' among truncated, refused"):
        Recordings(tmp_path).fails(ARTICLE, "rate-limited")
