"""What every test starts from.

Tests use fakes, recorded answers and mocked routes; no test opens a socket but on this machine, and none sees the settings of whoever runs it. Those marked
`embedded` ask the real model and run only when they are asked for: `pytest -m embedded`.
"""

import os
import tempfile

from hypothesis import HealthCheck, settings

# Before any module of ours is imported, so that nothing can have read them.
for _name in [name for name in os.environ if name.startswith(("VIGIE_", "OPENAI_"))]:
    del os.environ[_name]
# Nor the keys and recordings.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="vigie-tests-")

# How long an example takes says how busy the machine is. What may cost how much has tests of its own, by the processor's time.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

#: The fixtures of tests that need a database.
pytest_plugins = ("tests.rig.postgres",)
