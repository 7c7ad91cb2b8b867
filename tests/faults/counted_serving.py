"""`vigie serve` on any free port, which tells at each SIGUSR1, as one line of JSON on standard output, how many tasks and objects it has."""

import asyncio
import gc
import json
import signal

from service.cli import serving
from service.settings import settings_of_process


def tell() -> None:
    """Tell it."""
    gc.collect()
    print(json.dumps({"tasks": len(asyncio.all_tasks()), "objects": len(gc.get_objects())}), flush=True)  # noqa: T201 - that is what it is for


async def listen_to_signals() -> None:
    """Tell whenever it is asked for."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, tell)


def main() -> None:
    """Serve as the environment says."""
    settings = settings_of_process()
    app = serving.ready_app(settings, "127.0.0.1")
    app.on_startup.append(listen_to_signals)
    server = serving.QuietlyEndingServer(serving.server_config(app, settings), app.state.ending, settings.drain_s)
    with serving.listening("127.0.0.1", 0) as listener:
        serving.logs.log.info("listening", port=listener.getsockname()[1])
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
