"""The process that holds the embedded model: llama.cpp behind its own HTTP server, on loopback.

It reads what it needs as one line of JSON from standard input, so that the key is neither in the arguments nor in the environment, where others could read it;
it says where it listens, or why it does not, as one line of JSON on standard output; and it ends when its standard input does, with its parent.
"""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

#: Why there is no address: the package or a library that it needs is missing, or the file of weights cannot be loaded.
NOT_INSTALLED, NOT_LOADED = "not-installed", "not-loaded"

#: prctl(2): the signal to get when the parent dies.
_PR_SET_PDEATHSIG = 1
_CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def available_cores(quota: Path = _CPU_QUOTA) -> int:
    """Return how many cores this process may use. Threads beyond a container's quota spin against each other: several times slower, not faster."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        allowed, period = quota.read_text(encoding="ascii").split()
        return max(1, min(cores, int(allowed) // int(period)))
    except (OSError, ValueError):  # no such control group; "max", that is no quota
        return cores


def main() -> None:
    """Serve until standard input ends."""
    if sys.platform == "linux":
        # While the weights are loaded nothing of ours runs, so the end of standard input would go unseen.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    config = json.loads(sys.stdin.buffer.readline())
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # llama.cpp logs to both; at some of its levels that holds prompts.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    try:
        server = serve(config)
        answer.write(json.dumps({"address": server.listening_address}) + "\n")
    except ImportError:
        answer.write(json.dumps({"error": NOT_INSTALLED}) + "\n")
    except RuntimeError:
        answer.write(json.dumps({"error": NOT_LOADED}) + "\n")
    answer.close()
    sys.stdin.buffer.read()
    # At once: the destructor of the server would wait for calls that nobody is left to read.
    os._exit(0)


def serve(config: dict[str, Any]) -> Any:  # noqa: ANN401 - xllamacpp has no types
    """Return the server, loaded and listening.

    Raises:
        ImportError: xllamacpp, or a library that it needs, is not installed.
        RuntimeError: The weights cannot be loaded.
    """
    import xllamacpp  # noqa: PLC0415 - it is an extra, and only this process loads it

    params = xllamacpp.CommonParams()
    params.model.path = config["model"]
    params.model_alias = {config["alias"]}
    params.n_ctx, params.n_parallel, params.ctx_shift = config["context"], config["parallel"], False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config["threads"]
    params.n_gpu_layers, params.use_jinja = 0, True
    # Off: on two cores, after 2,300 tokens, 20 tokens/s are written in place of 18, and short questions read half again as fast.
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [config["key"]]
    params.offline, params.ui, params.endpoint_slots, params.endpoint_props = True, False, False, False
    params.cors_origins, params.cors_credentials = "", False
    # The slot keeps the prefix that all conversations share. Further states would be of articles, up to 8 GiB of them by default.
    params.cache_ram_mib = 0
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
