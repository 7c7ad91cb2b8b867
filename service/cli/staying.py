"""What is made while a process starts, and stays as long as it does."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def staying() -> Iterator[None]:
    """Have what is made meanwhile, and before, stay: to look through all of it again and again would hold up everyone for a tenth of a second each time."""
    gc.disable()
    try:
        yield
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()
