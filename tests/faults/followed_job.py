"""A caller who hands in a job and follows it to its end, whatever befalls the service meanwhile."""

import asyncio
import json
import random
from dataclasses import dataclass, field
from typing import Any

import httpx2

#: Seconds between two attempts.
_AGAIN_S = 0.1


@dataclass
class Caller:
    """Asks a service that may be away."""

    client: httpx2.AsyncClient
    #: The body of the job, lines of JSON.
    body: bytes
    chance: random.Random
    key: str = "one-key"
    #: What the service said that the job is called.
    ids: set[str] = field(default_factory=set)
    #: The lines that came, as they came.
    lines: list[bytes] = field(default_factory=list)
    #: How often the job was handed in, and the lines asked for; what the service said in place of an answer.
    posts: int = 0
    asks: int = 0
    refusals: list[tuple[int, str]] = field(default_factory=list)
    #: Lines that came again and were others.
    changed: list[int] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        """The lines as they are meant."""
        return [json.loads(line) for line in self.lines]

    async def hand_in(self) -> bool:
        """Hand in the job, with the same key as ever; return whether it was accepted."""
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": self.key}
        self.posts += 1
        try:
            answer = await self.client.post("/jobs", content=self.body, headers=headers)
        except httpx2.HTTPError:
            return False
        if answer.status_code != httpx2.codes.ACCEPTED:
            self._refused(answer.status_code, answer.content)
            return False
        self.ids.add(answer.json()["id"])
        return True

    async def until_handed_in(self) -> None:
        """Hand it in until it is accepted."""
        while not await self.hand_in():  # noqa: ASYNC110 - a service that is away tells nobody
            await asyncio.sleep(_AGAIN_S)

    async def job(self) -> dict[str, Any]:
        """Return the job, as soon as the service tells it."""
        while True:
            try:
                answer = await self.client.get(f"/jobs/{self._id}")
            except httpx2.HTTPError:
                answer = None
            if answer is not None and answer.status_code == httpx2.codes.OK:
                job: dict[str, Any] = answer.json()
                return job
            if answer is not None:
                self._refused(answer.status_code, answer.content)
            await asyncio.sleep(_AGAIN_S)

    async def follow(self) -> None:
        """Take lines until there are no more; now and then those again that came before."""
        while (job := await self.job())["state"] in {"queued", "running"} or len(self.lines) < job["counts"]["total"]:
            await self.take(self.chance.choice([0, len(self.lines), len(self.lines)]))
            await asyncio.sleep(_AGAIN_S)

    async def take(self, after: int) -> None:
        """Take the lines behind so many, as long as they come; those that are known must be the same."""
        self.asks += 1
        place, rest = after, b""
        try:
            async with self.client.stream("GET", f"/jobs/{self._id}/records", params={"after": after}) as answer:
                if answer.status_code != httpx2.codes.OK:
                    self._refused(answer.status_code, await answer.aread())
                    return
                async for part in answer.aiter_raw():
                    *whole, rest = (rest + part).split(b"\n")
                    for line in whole:
                        self._take(place, line)
                        place += 1
        except httpx2.HTTPError:
            pass  # What of a line had come is no line.

    def _take(self, place: int, line: bytes) -> None:
        if place == len(self.lines):
            self.lines.append(line)
        elif self.lines[place] != line:
            self.changed.append(place)

    def _refused(self, status: int, body: bytes) -> None:
        self.refusals.append((status, str(json.loads(body)["code"])))

    @property
    def _id(self) -> str:
        (job_id,) = self.ids
        return job_id
