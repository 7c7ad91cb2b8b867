"""The worker reads what waits, whatever befalls it (section H)."""

import asyncio
import json
import time

import pytest

from service.app import app_around
from service.errors import ModelRefused, UpstreamUnavailable
from service.jobs.leasing import RENEWAL_S
from service.settings import Settings
from tests.unit.job_parts import Scripted, at_work, now, shop
from tests.unit.service_parts import FakeExtractor, FakeModel


async def test_what_waits_is_read() -> None:
    """Each article of a job is read once, as many at the same time as there are slots, and its record is what `POST /extract` answers with."""
    extractor = Scripted(**{str(number): 0.05 for number in range(6)})
    made = shop(extractor, *map(str, range(6)), slots=3)
    async with at_work(made):
        await made.store.until(*["completed"] * 6)

    assert sorted(extractor.begun) == sorted(map(str, range(6)))
    assert max(map(len, extractor.at_once)) == 3
    assert [item.ends for item in made.store.items] == [1] * 6
    assert json.loads(made.store.items[0].record or b"")["schema_version"] == "1"


async def test_what_cannot_be_read_has_its_problem_at_once() -> None:
    """A fault that would be so again is the result of its article, and no other article suffers."""
    made = shop(Scripted(refused=ModelRefused(), broken=ZeroDivisionError("canari-7f3a")), "refused", "good", "broken")
    async with at_work(made):
        await made.store.until("failed", "completed", "failed")

    problems = [json.loads(made.store.items[at].problem or b"") for at in (0, 2)]
    assert [problem["code"] for problem in problems] == ["model-refused", "internal-error"]
    assert b"canari" not in (made.store.items[2].problem or b"")


async def test_a_passing_fault_lets_the_article_wait() -> None:
    """It is read again later, and counts as a failure and not as a death."""
    made = shop(Scripted(down=UpstreamUnavailable()), "down")
    async with at_work(made):
        async with asyncio.timeout(5):
            while not made.store.items[0].failures:  # noqa: ASYNC110 - stores tell nobody
                await asyncio.sleep(0.01)
        item = made.store.items[0]
        assert (item.state, item.attempts, item.failures) == ("waiting", 0, 1)
        assert 3.5 < item.not_before - now() < 6.5

    assert 'vigie_job_readings_total{code="upstream-unavailable",outcome="put_back"} 1.0' in made.measures.text().decode()


async def test_after_passing_faults_fewer_articles_are_tried() -> None:
    """Where the endpoint is down all articles fail: the worker rests in between, and does not fail a thousand of them in a minute."""
    extractor = Scripted(**{str(number): UpstreamUnavailable() for number in range(50)})
    made = shop(extractor, *map(str, range(50)))
    async with at_work(made):
        await asyncio.sleep(1.0)

    assert len(extractor.begun) < 10
    assert set(made.store.states()) == {"waiting"}


async def test_h22_a_cancelled_article_is_dropped_within_two_seconds() -> None:
    """Its reading is ended, and nothing is written."""
    extractor = Scripted(long=60)
    made = shop(extractor, "long", "next")
    async with at_work(made):
        await made.store.until("running", "completed")
        made.store.items[0].state, made.store.items[0].claim = "cancelled", None
        began = time.monotonic()
        async with asyncio.timeout(5):
            while not extractor.cancelled:  # noqa: ASYNC110 - extractors tell nobody
                await asyncio.sleep(0.01)

    assert time.monotonic() - began < 2
    assert (made.store.states(), made.store.items[0].ends) == (["cancelled", "completed"], 0)


async def test_h10_at_the_end_what_is_under_way_is_finished_or_given_back() -> None:
    """What is done in time is kept; the rest waits again, and none of it counts as failed or tried."""
    extractor = Scripted(short=0.2, long=60)
    made = shop(extractor, "short", "long", "next", slots=2)
    async with at_work(made) as working:
        await made.store.until("running", "running", "waiting")
        made.ending.begin()
        await asyncio.wait_for(working, 3)

    assert made.store.states() == ["completed", "waiting", "waiting"]
    assert (made.store.items[1].attempts, made.store.items[1].failures) == (0, 0)
    assert "next" not in extractor.begun


async def test_h10_what_is_claimed_as_the_end_begins_is_given_back() -> None:
    """Nobody has to wait until its claim runs out, and nobody died of it."""
    extractor = Scripted(one=60)
    made = shop(extractor, "one")
    made.store.claim_s = 0.5
    async with at_work(made) as working:
        await made.store.until("running")
        made.ending.begin()
        await asyncio.wait_for(working, 3)

    assert (made.store.states(), made.store.items[0].attempts, extractor.begun) == (["waiting"], 0, [])


async def test_what_cannot_be_kept_is_a_fault_of_ours() -> None:
    """A record that the database will not have for a reason that does not pass is a problem, at once: to read the article again would be in vain."""
    extractor = Scripted(one=0, two=0)
    made = shop(extractor, "one")
    made.store.breaks = ValueError("canari-7f3a")
    async with at_work(made):
        await made.store.until("failed")

    assert extractor.begun == ["one"]
    assert json.loads(made.store.items[0].problem or b"")["code"] == "internal-error"
    assert b"canari" not in (made.store.items[0].problem or b"")


async def test_k03_a_second_signal_gives_everything_back_at_once() -> None:
    """However long there would have been."""
    made = shop(Scripted(long=60), "long", drain_s=60)
    async with at_work(made) as working:
        await made.store.until("running")
        made.ending.begin()
        await asyncio.sleep(0.3)
        assert made.store.states() == ["running"]
        made.ending.hurry()
        await asyncio.wait_for(working, 3)

    assert (made.store.states(), made.store.items[0].attempts) == (["waiting"], 0)


async def test_h18_while_the_database_is_away_nothing_is_lost() -> None:
    """What was read meanwhile is kept when it is back, and read once."""
    extractor = Scripted(one=0.2)
    made = shop(extractor, "one", "two", slots=1)
    async with at_work(made):
        await made.store.until("running", "waiting")
        made.database.away = True
        await asyncio.sleep(2.5)
        assert made.store.states() == ["running", "waiting"]
        made.database.away = False
        await made.store.until("completed", "completed")

    assert extractor.begun == ["one", "two"]
    assert 1 <= made.database.asked_in_vain < 30


async def test_h16_an_emptied_queue_is_filled_again() -> None:
    """What waits is known by the store alone."""
    made = shop(Scripted(**{str(number): 0.3 for number in range(6)}), *map(str, range(6)), slots=1)
    async with at_work(made):
        await made.store.until("completed", "running", *["waiting"] * 4)
        made.tickets.queued.clear()
        await made.store.until(*["completed"] * 6)

    assert [item.ends for item in made.store.items] == [1] * 6


async def test_h12_whoever_died_with_an_article_leaves_it_to_be_read_alone() -> None:
    """It takes nobody with it, should it be the one that kills, and is not blamed for another."""
    extractor = Scripted(slow=0.5, suspect=0.3, after=0.0)
    made = shop(extractor, "slow", "suspect", "after")
    suspect = made.store.items[1]
    suspect.turn = suspect.attempts = 1
    async with at_work(made):
        await made.store.until(*["completed"] * 3)

    assert {"suspect"} in extractor.at_once
    assert all("suspect" not in together or together == {"suspect"} for together in extractor.at_once)


async def test_f13_whoever_waits_has_the_only_slot() -> None:
    """With one slot, a request interrupts what is read for a job, which is read again afterwards and blamed for nothing."""
    extractor = Scripted(job=0.5)
    made = shop(extractor, "job", slots=1, reserve=None)
    async with at_work(made):
        await made.store.until("running")
        began = now()
        async with made.admission.turn(now() + 60):
            assert now() - began < 0.2
            assert extractor.cancelled == ["job"]
            await asyncio.sleep(0.2)
            assert extractor.begun == ["job"]
        await made.store.until("completed")

    assert (made.store.items[0].attempts, made.store.items[0].failures) == (1, 0)


async def test_f13_jobs_leave_a_fifth_of_the_slots() -> None:
    """However many articles wait, requests find slots free."""
    extractor = Scripted(**{str(number): 0.2 for number in range(40)})
    made = shop(extractor, *map(str, range(40)), slots=6, reserve=None)
    async with at_work(made):
        await asyncio.sleep(0.5)
        assert made.admission.taken == 4
        began = now()
        async with made.admission.turn(now() + 60), made.admission.turn(now() + 60):
            assert now() - began < 0.05

    assert max(map(len, extractor.at_once)) == 4


async def test_nothing_is_taken_while_the_model_is_not_ready() -> None:
    """Articles wait for it, and none fails for it."""
    extractor = Scripted()
    made = shop(extractor, "one")
    made.model.loading = 1
    async with at_work(made):
        await asyncio.sleep(0.3)
        assert made.store.states() == ["waiting"]
        await made.store.until("completed")


async def test_a_worker_waits_for_a_database() -> None:
    """Where nobody has handed in a job there is none, and the worker makes none."""
    made = shop(Scripted(), "one")
    made.database.exists = False
    async with at_work(made):
        await asyncio.sleep(0.2)
        assert made.store.states() == ["waiting"]
        made.database.exists = True
        await made.store.until("completed")


async def test_h15_what_somebody_else_took_over_is_not_written() -> None:
    """A lease that ran out is another's: the first one's record is refused."""
    made = shop(Scripted(one=0.4), "one")
    async with at_work(made):
        await made.store.until("running")
        made.store.items[0].claim = 99  # another's
        await asyncio.sleep(RENEWAL_S + 0.3)

    assert (made.store.states(), made.store.items[0].ends) == (["running"], 0)
    assert 'outcome="lost"} 1.0' in made.measures.text().decode()


@pytest.mark.parametrize("has_one", [True, False])
async def test_vigie_serve_has_a_worker_unless_it_is_told_otherwise(has_one: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """With `VIGIE_WORKER=0` jobs are read elsewhere."""
    app = app_around(Settings(worker=has_one), FakeModel(), FakeExtractor())

    assert (b"vigie_job_articles_held" in app.state["measures"].text()) == has_one
