"""A signal strikes wherever the process is."""

import subprocess
import sys
from pathlib import Path

#: Ends with 0 where a signal that strikes while a line of the log is being written neither waits for that line nor is lost.
PROGRAM = """
import asyncio, signal
from service import logs
from service.app import create_app
from service.cli.serving import QuietlyEndingServer, server_config
from service.settings import Settings

class Struck:
    said = []

    def write(self, line):
        self.said.append(line)
        if len(self.said) == 1:
            server.handle_exit(signal.SIGTERM, None)
        return len(line)

    def flush(self):
        pass

async def main():
    logs.configure("info", Struck())
    logs.log.info("request")
    await asyncio.sleep(0.1)

settings = Settings(model="reader", openai_base_url="http://127.0.0.1:9/v1", drain_s=0)
app = create_app(settings)
server = QuietlyEndingServer(server_config(app, settings), app.state.ending, 0, last=lambda: None)
asyncio.run(main())
assert app.state.ending.begun and server.should_exit
assert ["draining" in line for line in Struck.said] == [False, True]
"""


def test_k02_a_signal_may_strike_while_the_log_is_written() -> None:
    """The service begins to end, and says so once the line that it was writing is written."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stderr) == (0, "")
