"""What a miss says: which recording comes nearest, why it is not the answer, and what to do; and nothing of any article."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from schemas.vocabulary import Section
from service.errors import ReplayMiss
from service.models.base import ModelCall
from service.models.exchanges import Answer, Exchange, Folder, Stamp
from service.models.nearest import MOST, Nearest
from service.testing import SHIPPED, Recordings, actor
from tests.unit.models.replay_parts import asking

ANSWER = Answer(content="{}", refusal=None, finish_reason="stop", usage=None)
STALE = "older than the prompt, the schema or the profile of the model in use, or for other sections: record with VIGIE_MODE=record once more."


def kept(folder: Path, *calls: ModelCall) -> Folder:
    """Return a folder with an answer to each of these calls."""
    made = Folder(folder)
    for call in calls:
        made.keep(Exchange.of("m", call, ANSWER))
    return made


def miss_of(call: ModelCall, folder: Folder) -> ReplayMiss:
    """Return what is said of a call that nothing in a folder answers."""
    return Nearest(folder).miss_of(call)


def said(miss: ReplayMiss) -> str:
    """Return what a miss says beyond the digest."""
    start = f"There is no recording {miss.digest}. "
    assert miss.detail.startswith(start)
    return miss.detail.removeprefix(start)


def test_an_empty_folder_has_nothing_near(tmp_path: Path) -> None:
    """Nothing to compare with: the digest, and what to do."""
    miss = miss_of(asking("Valmer", "spoke"), Folder(tmp_path))

    assert (miss.digest, miss.nearest) == (asking("Valmer", "spoke").digest(), None)
    assert said(miss) == "The folder holds no conversations that it could be compared with: record with VIGIE_MODE=record."


def test_packed_answers_can_be_compared_with_nothing(tmp_path: Path) -> None:
    """A pack has no conversations, so that it cannot be said what is near."""
    (tmp_path / "model.json").write_bytes((SHIPPED / "model.json").read_bytes())
    (tmp_path / "answers.json").write_bytes((SHIPPED / "answers.json").read_bytes())

    assert said(miss_of(asking("Valmer"), Folder(tmp_path))).startswith("The folder holds no conversations")


@pytest.mark.parametrize(
    "changed",
    [
        asking("Valmer", "spoke", instructed="Read well."),
        asking("Valmer", "spoke", shape={"response_format": {"type": "json_schema", "json_schema": {"name": "other"}}}),
        replace(asking("Valmer", "spoke"), max_completion_tokens=11),
    ],
    ids=["prompt", "schema", "profile"],
)
def test_the_same_article_may_be_stale(tmp_path: Path, changed: ModelCall) -> None:
    """The article is there, and what surrounds it is another: recording once more mends it, whatever other recordings there are."""
    old = asking("Valmer", "spoke")
    miss = miss_of(changed, kept(tmp_path, old, asking("Norvia", "is", "silent")))

    assert miss.nearest == old.digest()
    assert said(miss) == f"{old.digest()} is of the same article, and {STALE}"


def test_all_recordings_may_be_stale(tmp_path: Path) -> None:
    """Of another article under another prompt the words do not matter: everything is to be recorded once more."""
    miss = miss_of(asking("Valmer", "speaks", instructed="Read well."), kept(tmp_path, asking("Valmer", "spoke"), asking("Norvia", "is", "silent")))

    assert miss.nearest == asking("Valmer", "spoke").digest()
    assert said(miss) == f"All recordings are {STALE}"


def test_the_nearest_article_is_the_one_with_most_words_in_common(tmp_path: Path) -> None:
    """A comma that is missing and a title that was left out are the usual reasons: the share of the words tells how far off it is."""
    near, far = asking("Valmer", "spoke", "on", "Friday"), asking("Norvia", "is", "silent")
    miss = miss_of(asking("Valmer", "spoke", "on", "Monday"), kept(tmp_path, far, near))

    assert miss.nearest == near.digest()
    assert said(miss) == (
        f"The nearest is {near.digest()}, 60% of whose own words are the same: "
        "send its article to the letter, with the same title, source, date and sections, or record with VIGIE_MODE=record (in a test, `finds`)."
    )


def test_some_stale_recordings_do_not_make_all_so(tmp_path: Path) -> None:
    """As long as one is of the prompt in use, what is missing is the article."""
    miss = miss_of(asking("Valmer", "speaks"), kept(tmp_path, asking("Valmer", "spoke", instructed="Read well."), asking("Norvia", "is", "silent")))

    assert said(miss).startswith("The nearest is ")


def test_a_grammar_is_of_the_article(tmp_path: Path) -> None:
    """Where the shape of an answer is made of the words of its article, another one tells nothing of the age of a recording."""
    old = asking("Valmer", "spoke", shape={"grammar": "valmer"})
    miss = miss_of(asking("Norvia", "spoke", shape={"grammar": "norvia"}), kept(tmp_path, old))

    assert said(miss).startswith(f"The nearest is {old.digest()}")


def test_a_request_for_other_sections_is_told_so(vigie_client: TestClient[Litestar], vigie_recordings: Recordings) -> None:
    """A recording of all sections is none of one of them: the message names that too."""
    vigie_recordings.finds("Valmer spoke.", actor("Valmer"))
    problem = vigie_client.post("/extract", json={"text": "Valmer spoke.", "options": {"sections": [Section.ACTORS]}}).json()

    assert problem["code"] == "replay-miss"
    assert "or for other sections" in problem["detail"]


words = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12), min_size=1, max_size=12)


def told(asked: ModelCall, known: ModelCall) -> ReplayMiss:
    """Return the miss of a call where another one was recorded."""
    with TemporaryDirectory() as folder:
        return miss_of(asked, kept(Path(folder), known))


@cache
def ours() -> set[str]:
    """Return the words of all that a miss may say."""
    neutral = [told(asking("-"), asking(said, instructed=how)) for said in "-+" for how in ("Read.", "Read well.")]
    return {word for miss in neutral for word in re.findall(r"\w+", said(miss))}


@given(asked=words, known=words, same=st.booleans(), how=st.sampled_from(["Read.", "Read well."]))
def test_nothing_of_an_article_is_told(asked: list[str], known: list[str], *, same: bool, how: str) -> None:
    """Whatever is asked and whatever is there, no word of either is in the message but those that are ours anyway."""
    call, other = asking(*asked), replace(asking(*(asked if same else known), instructed=how), max_completion_tokens=9)
    miss = told(call, other)

    assert {word for word in re.findall(r"\w+", said(miss)) if len(word) > 3} <= {*ours(), other.digest()}
    assert vars(miss).keys() == {"detail", "digest", "nearest", "retry_after_s"}


class Large(Folder):
    """A folder of many recordings, none of which is on a disk."""

    looked_at = 0

    def digests(self) -> list[str]:
        """Return more than are looked at."""
        return [f"{number:016x}" for number in range(3 * MOST)]

    def stamp(self, digest: str) -> Stamp | None:
        """Return the same for each."""
        return 1, 1

    def look(self, digest: str) -> Exchange | None:
        """Return one of them."""
        self.looked_at += 1
        return Exchange.of("m", asking("number", str(int(digest, 16))), ANSWER)


def test_a_miss_takes_no_longer_than_it_must() -> None:
    """Of a folder of any size so many are looked at, and each once however many misses there are."""
    folder = Large(Path("/none"))
    nearest = Nearest(folder)
    misses = [nearest.miss_of(asking("number", "2", "too")) for _ in range(3)]

    assert folder.looked_at == MOST
    assert {miss.nearest for miss in misses} == {f"{2:016x}"}


def test_a_file_that_is_half_written_is_near_nothing(tmp_path: Path) -> None:
    """While one is being copied, or was spoilt, the others are still compared."""
    near = asking("Valmer", "spoke")
    folder = kept(tmp_path, near, asking("Norvia", "is", "silent"))
    (tmp_path / f"{asking('Norvia', 'is', 'silent').digest()}.json").write_text('{"digest": ', encoding="utf-8")

    assert miss_of(asking("Valmer", "speaks"), folder).nearest == near.digest()


def test_of_recordings_old_and_new_the_new_are_nearer(tmp_path: Path) -> None:
    """To send an old one to the letter would be of no use, however much its article resembles."""
    old, new = asking("Valmer", "spoke", "on", "Friday", instructed="Read well."), asking("Norvia", "is", "silent")
    miss = miss_of(asking("Valmer", "spoke", "on", "Monday"), kept(tmp_path, old, new))

    assert miss.nearest == new.digest()
