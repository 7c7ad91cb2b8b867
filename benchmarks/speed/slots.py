"""`python -m benchmarks.speed.slots N`: the engine of the embedded model, with N slots in place of one, each with the usual context."""

import sys
from typing import Any

from service.models import engine


def widened(config: dict[str, Any], slots: int) -> dict[str, Any]:
    """Return what an engine is told, for so many `slots`."""
    return config | {"parallel": slots, "context": slots * config["context"]}


def main() -> None:
    """Serve until standard input ends, as the engine does."""
    serve, slots = engine.serve, int(sys.argv[1])
    engine.serve = lambda config: serve(widened(config, slots))
    engine.main()


if __name__ == "__main__":
    main()
