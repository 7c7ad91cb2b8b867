"""`vigie serve` on any free port, which tells at each SIGUSR1, as one line of JSON on standard output, how many tasks and objects it has."""

import asyncio
import gc
import json
import signal

from litestar import Litestar

from service.cli import serving
from service.settings import Settings, settings_of_process


def tell() -> None:
    """Tell it."""
    gc.collect()
    print(json.dumps({"tasks": len(asyncio.all_tasks()), "objects": len(gc.get_objects())}), flush=True)  # noqa: T201 - that is what it is for


async def listen_to_signals() -> None:
    """Tell whenever it is asked for."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, tell)


def main() -> None:
    """Serve as the environment says."""
    make = serving.ready_app

    def made(settings: Settings, host: str) -> Litestar:
        app = make(settings, host)
        app.on_startup.append(listen_to_signals)
        return app

    setattr(serving, "ready_app", made)  # noqa: B010 - the command itself is to be counted
    serving.serve(settings_of_process(), "127.0.0.1", 0)


if __name__ == "__main__":
    main()
