"""For the test suites of those who call Vigie: a service that reads what a test says it reads, without a model, a key or a network.

entries.py    what the model finds, in a few words an entry
records.py    the same, out of a record
faults.py     what goes wrong, by name
endpoint.py   the answer of a model that finds just that
recordings.py a folder of such answers, as replay mode serves them
serving.py    the service on that folder: in the process, or on a socket
provider.py   the endpoint of a model, for those who mock HTTP with respx

The fixtures are in `vigie_pytest`, which pytest finds by itself.
"""

from service.testing.entries import actor, commitment, target, threat, timeline
from service.testing.faults import FAULTS
from service.testing.provider import openai_route
from service.testing.recordings import SHIPPED, Recordings
from service.testing.serving import Server

__all__ = ["FAULTS", "SHIPPED", "Recordings", "Server", "actor", "commitment", "openai_route", "target", "threat", "timeline"]
