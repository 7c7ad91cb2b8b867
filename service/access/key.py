"""A caller's key: `vg_<id>_<secret>`. It is shown once, when it is made; what is kept is its digest."""

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

_PREFIX = "vg"
#: 256 bits: nobody guesses it, so its digest needs no salt and no slowness.
_SECRET_BYTES = 32
_ID_BYTES = 5


class Scope(StrEnum):
    """What a key opens."""

    EXTRACT = "extract"
    JOBS = "jobs"
    #: Everything.
    ADMIN = "admin"


class Key(BaseModel):
    """What is known of a key; times are in UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$", description="Tells keys apart, in lists and in the log; no secret.")
    name: str = Field(min_length=1, max_length=100, description="Whose it is.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Digest of the whole key.")
    scopes: frozenset[Scope] = Field(min_length=1)
    created: AwareDatetime
    expires: AwareDatetime | None = Field(default=None, description="From then on it opens nothing.")
    rate_per_minute: int | None = Field(default=None, ge=1, description="Most requests in any minute.")
    concurrency: int | None = Field(default=None, ge=1, description="Most requests at the same time.")

    def opens(self, scope: Scope) -> bool:
        """Return whether it opens `scope`."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def is_over(self, now: datetime) -> bool:
        """Return whether it opens nothing any more."""
        return self.expires is not None and self.expires <= now


def new_key() -> tuple[str, str]:
    """Return the id of a key that nobody has, and the key."""
    identity = secrets.token_hex(_ID_BYTES)
    return identity, f"{_PREFIX}_{identity}_{secrets.token_urlsafe(_SECRET_BYTES)}"


def digest_of(key: str) -> str:
    """Return the digest of `key`, whatever characters its sender chose."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
