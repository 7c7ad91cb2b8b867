"""Pack recordings: keep the answers of a folder of exchanges and not their conversations. Usage: pack_recordings.py FOLDER INTO."""

import sys
from pathlib import Path

from service.models.exchanges import Folder

if __name__ == "__main__":
    folder, into = map(Folder, map(Path, sys.argv[1:]))
    folder.pack(into)
