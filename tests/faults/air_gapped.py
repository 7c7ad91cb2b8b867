"""All that a service does for those who use it, one after the other; fails where something of it does not work. To be run without a network."""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import httpx2

from service.routes.documentation import ASSETS
from tests.faults.serving_process import ROOT, serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

REPLAY = {"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(ROOT / "service" / "examples" / "recordings")}
EXAMPLE = ROOT / "service" / "examples" / "french.json"


async def served() -> None:
    """Be a caller, and a browser, of a service that replays."""
    async with serving_process("", **REPLAY) as (_, address), httpx2.AsyncClient(base_url=address, timeout=20, trust_env=False) as client:
        for path in ("/livez", "/readyz", "/metrics", "/openapi.json", "/docs", *(f"/docs/{name}" for name in ASSETS)):
            assert (await client.get(path)).status_code == 200, path
        answer = await client.post("/extract", content=EXAMPLE.read_bytes(), headers={"Content-Type": "application/json"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["actors"]


async def command(*arguments: str, **settings: str) -> bytes:
    """Return what a command prints."""
    environment = {**os.environ, **settings}
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", "service.cli", *arguments, cwd=ROOT, env=environment, stdout=PIPE, stderr=DEVNULL)
    printed, _ = await running.communicate()
    assert running.returncode == 0, arguments
    return printed


async def commanded() -> None:
    """Have an article read by a model at an endpoint of this machine; ask whether all is right."""
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder) / "article.txt"
        article.write_text(small_article(), encoding="utf-8")
        async with FaultyUpstream() as upstream:
            endpoint = {"VIGIE_MODEL": "reader", "OPENAI_BASE_URL": upstream.base_url("ok", "a")}
            read, checked = await asyncio.gather(
                command("extract", "--quiet", str(article), **endpoint),
                command("serve", "--check", "--port", "0", **endpoint),
            )
    assert json.loads(read)["threats"]
    assert b"articles are sent to 127.0.0.1" in checked


async def all_of_it() -> None:
    """Do all of it."""
    await asyncio.gather(served(), commanded())


if __name__ == "__main__":
    asyncio.run(all_of_it())
