"""Pack recordings: keep the answers of a folder of exchanges and not their conversations. Usage: pack_recordings.py FOLDER INTO."""

import sys
from pathlib import Path

from service.models.replay import pack

if __name__ == "__main__":
    pack(*map(Path, sys.argv[1:]))
