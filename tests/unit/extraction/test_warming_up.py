"""The first article of a process is read no slower than others."""

import subprocess
import sys
from pathlib import Path

#: Prints the seconds of CPU of the warming up, and of the articles after it.
PROGRAM = """
import time
from schemas.article import Article
from service.extraction.candidates.finding import find
from service.extraction.pipeline import warm_up
from service.extraction.preparing import prepare

for work in (warm_up, lambda: find(prepare(Article(text="The minister of Orlane said on Monday that the fleet would strike the naval base.")))):
    began = time.process_time()
    work()
    print(time.process_time() - began)
"""


def test_the_tables_are_read_before_the_first_article() -> None:
    """What is read once is read while the service starts."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    warming_s, reading_s = map(float, done.stdout.split())

    assert reading_s < warming_s / 10
