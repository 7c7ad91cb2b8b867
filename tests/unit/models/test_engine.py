"""The process of the engine, without a model in it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from service.models.engine import NOT_INSTALLED, NOT_LOADED, available_cores, serve

#: Stands in for the package: a server that needs a file, and makes the noise that llama.cpp makes.
PACKAGE = """
import os
from types import SimpleNamespace

llama_flash_attn_type = SimpleNamespace(LLAMA_FLASH_ATTN_TYPE_DISABLED=0)

class CommonParams(SimpleNamespace):
    def __init__(self):
        super().__init__(model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace())

class Server:
    def __init__(self, params):
        os.write(1, b"noise on standard output")
        os.write(2, b"noise on standard error")
        if not os.path.exists(params.model.path):
            raise RuntimeError("Failed to init server")
        self.listening_address = f"http://{params.hostnames[0]}:{params.port}"
"""


def run(folder: Path, config: dict[str, object]) -> subprocess.CompletedProcess[str]:
    """Run the engine with whatever package is in `folder`, until its input ends."""
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{root}"}
    line = json.dumps({"alias": "m", "context": 512, "parallel": 1, "threads": 1, "key": "k"} | config) + "\n"
    return subprocess.run([sys.executable, "-m", "service.models.engine"], input=line, capture_output=True, text=True, env=environment, timeout=20, check=False)


@pytest.mark.parametrize(
    ("package", "model", "expected"),
    [
        (PACKAGE, __file__, {"address": "http://127.0.0.1:0"}),
        (PACKAGE, "none.gguf", {"error": NOT_LOADED}),
        ("raise ImportError", __file__, {"error": NOT_INSTALLED}),
    ],
)
def test_says_one_thing_and_ends_with_its_input(tmp_path: Path, package: str, model: str, expected: dict[str, str]) -> None:
    """It says where it listens, or why not, lets nothing else out, and ends without fuss."""
    (tmp_path / "xllamacpp.py").write_text(package)

    ended = run(tmp_path, {"model": model})

    assert json.loads(ended.stdout) == expected
    assert (ended.stderr, ended.returncode) == ("", 0)


def test_serves_on_loopback_with_a_key_and_nothing_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has no key, and whoever is not on this machine, gets nothing; nothing is fetched."""
    served = ModuleType("xllamacpp")
    exec(PACKAGE, served.__dict__)  # noqa: S102 - as the child does
    served.__dict__["Server"] = lambda params: params
    monkeypatch.setitem(sys.modules, "xllamacpp", served)

    params = serve({"model": "m.gguf", "alias": "m", "context": 512, "parallel": 1, "threads": 2, "key": "k"})

    assert (params.hostnames, params.port, params.api_keys) == (["127.0.0.1"], 0, ["k"])
    assert (params.offline, params.ui, params.endpoint_slots, params.endpoint_props, params.ctx_shift) == (True, False, False, False, False)
    assert (params.cors_origins, params.cpuparams.n_threads, params.cpuparams_batch.n_threads) == ("", 2, 2)


@pytest.mark.parametrize(("quota", "most"), [("100000 100000\n", 1), ("50000 100000\n", 1), ("max 100000\n", 10_000), (None, 10_000)])
def test_uses_no_more_cores_than_it_may(tmp_path: Path, quota: str | None, most: int) -> None:
    """The quota of a container bounds the threads, at no less than one."""
    path = tmp_path / "cpu.max"
    if quota:
        path.write_text(quota)

    assert 1 <= available_cores(path) <= most
