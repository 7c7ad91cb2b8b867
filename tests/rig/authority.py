"""An authority of the rig's own, and the certificates that it issues, good and bad; needs the command `openssl`."""

import shutil
import ssl
import subprocess
from pathlib import Path

#: What makes a key that is quickly made.
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")

#: The command, where the machine has it.
OPENSSL = shutil.which("openssl")


class Authority:
    """An authority that nobody knows until told of it. What it makes is kept in a folder."""

    def __init__(self, folder: Path) -> None:
        """Make the authority's own certificate."""
        self._folder = folder
        self.path = folder / "authority.pem"
        self._run("req", "-x509", *_KEY, "-keyout", "authority.key", "-out", self.path.name, "-subj", "/CN=Authority of the rig", "-days", "2")

    def serving(self, name: str = "IP:127.0.0.1", *, days: int = 2) -> ssl.SSLContext:
        """Return how a server shows a certificate for `name`, valid from now on for so many days; below zero, it has expired."""
        (self._folder / "names").write_text(f"subjectAltName={name}")
        self._run("req", *_KEY, "-keyout", "server.key", "-out", "request.pem", "-subj", "/CN=rig")
        signed = ("-CA", self.path.name, "-CAkey", "authority.key", "-CAcreateserial", "-extfile", "names", "-days", str(days))
        self._run("x509", "-req", "-in", "request.pem", *signed, "-out", "server.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")
        return context

    def _run(self, *options: str) -> None:
        assert OPENSSL is not None
        subprocess.run([OPENSSL, *options], cwd=self._folder, check=True, capture_output=True)
