"""How the programs of PostgreSQL are run."""

import os
import shutil
import subprocess
import sys

import pytest

from service.database import launching

LAUNCH = (sys.executable, "-I", "-S", launching.__file__)
pytestmark = pytest.mark.skipif(not shutil.which("unshare"), reason="needs a tool of Linux to be another user")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Return how `command` ended."""
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_program_never_runs_as_root() -> None:
    """PostgreSQL does not run as root, so that root runs it as somebody else, whose files are still root's."""
    ended = run("unshare", "--user", "--map-root-user", *LAUNCH, "attached", "/usr/bin/id", "--user", "--name")

    assert (ended.returncode, ended.stdout) == (0, "nobody\n")


def test_where_there_is_no_way_it_says_so() -> None:
    """Where the kernel gives nobody a user namespace, a status of its own tells so, and nothing is run."""
    without = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$0" "$@"'
    ended = run("unshare", "--user", "--map-root-user", "/bin/sh", "-c", without, *LAUNCH, "attached", "/bin/echo", "run")

    assert (ended.returncode, ended.stdout) == (launching.REFUSED, "")


def test_what_is_left_behind_is_a_session_of_its_own() -> None:
    """The program that is left behind is no child of whoever runs it, who need not wait for it."""
    ended = run(*LAUNCH, "detached", "/bin/sh", "-c", "sleep 0.2; ps -o ppid= -p $$")

    assert ended.returncode == 0
    assert int(ended.stdout) != os.getpid()
