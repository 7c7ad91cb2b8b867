"""The only reader of the environment: every setting, its default and the reason for it."""

import os
import re
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_data_path
from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from service.errors import SetupError
from service.models.base import OutputMode

#: The name that chooses the model of our own.
EMBEDDED = "embedded"

#: What a caller's key may look like: too long to be guessed, and fit for a header.
_KEY = re.compile(r"[A-Za-z0-9_.-]{20,200}")

#: A name or an address of a host, without a scheme, a port or a path.
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")

_PREFIX = "VIGIE_"

#: What Kubernetes sets in each container, unasked, for a service called `vigie` or `vigie-…`: no setting, and nobody's slip.
_SERVICE_LINK = re.compile(
    r"VIGIE_(\w+_)?(SERVICE_(HOST|PORT)(_\w+)?=.*|PORT(_\d+_(TCP|UDP|SCTP))?=[a-z]+://.*|PORT_\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)=.*)", re.DOTALL
)


def _check_web(address: str) -> str:
    """Refuse what is no web address."""
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # whose words may repeat the address
        sound = False
    if not sound:
        raise ValueError("must be an http or https address")
    return address


def _check_plain(address: str) -> str:
    """Refuse a web address that tells everyone a password, or to which nothing can be added."""
    parts = urlsplit(address)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be an address without user name, query and fragment")
    return address


_Web = Annotated[str, AfterValidator(_check_web)]
_Usd = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False, max_digits=20)]


class Settings(BaseSettings):
    """How one installation of Vigie behaves; read once, at the start."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True, populate_by_name=True)

    model: str = Field(default=EMBEDDED, min_length=1, description="`embedded`, or the name of a model at `OPENAI_BASE_URL`.")
    embedded_model: Path | None = Field(default=None, description="A GGUF file to use in place of the pinned weights.")
    weights_url: _Web | None = Field(default=None, description="A mirror of the pinned weights: the address of the GGUF file.")
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("vigie"), description="Where the weights are kept.")
    data_dir: Path = Field(default_factory=lambda: user_data_path("vigie"), description="Where recordings are kept.")
    mode: Literal["live", "record", "replay"] = Field(
        default="live", description="`live` asks the model; `record` does and keeps each exchange; `replay` answers from what was kept and never asks."
    )
    replay_dir: Path | None = Field(default=None, description="The folder of recordings; `recordings` in the data folder when missing.")
    output_mode: OutputMode = Field(default=OutputMode.JSON_SCHEMA, description="How the endpoint is made to answer in JSON: `json_schema`, `tools` or `json`.")
    deadline_s: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="Seconds for one article; 60, or 300 with the embedded model, when missing."
    )
    max_deadline_s: float = Field(default=600, gt=0, allow_inf_nan=False, description="The most seconds that a caller may ask for.")
    chunk_chars: int = Field(
        default=24_000, ge=500, description="Longest piece of an article that a model reads at once; less where the model's profile says so."
    )
    concurrency: int = Field(
        default=16, ge=1, le=1_000, description="Articles that an endpoint's model reads at once; the embedded model reads as many as it has slots."
    )
    processes: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes of `vigie serve` at one address, each with slots, records and counts of its own; 1 with the embedded model.",
    )
    drain_s: float = Field(
        default=5, ge=0, allow_inf_nan=False, description="Seconds between the news that the service ends (`/readyz`) and the end of new connections."
    )
    max_body_bytes: int = Field(default=4 * 1024 * 1024, ge=1_024, description="Longest request body that is read.")
    usd_per_mtok_input: _Usd | None = Field(
        default=None, description="What the endpoint takes for a million tokens that it reads, in US dollars, in place of the provider's list price."
    )
    usd_per_mtok_cached_input: _Usd | None = Field(default=None, description="The same for tokens that it had kept; as for others when missing.")
    usd_per_mtok_output: _Usd | None = Field(default=None, description="The same for tokens that it writes; named together with the first, or not at all.")
    cache_mb: int = Field(default=64, ge=0, description="MiB of memory for records that are kept for those who ask again; 0: none are.")
    cache_ttl_s: int = Field(default=3_600, ge=1, le=86_400, description="Seconds for which a record is kept.")
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="The keys that callers may show, each of 20 to 200 letters, digits, `_`, `-` or `.`, with commas between them."
    )
    rate_per_minute: int | None = Field(default=None, ge=1, description="Most requests of one key in any minute, unless the key says otherwise.")
    caller_concurrency: int | None = Field(default=None, ge=1, description="Most requests of one key at the same time, unless the key says otherwise.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="The names under which callers may reach the service, with commas between them; any when missing, but on loopback without keys its own.",
    )
    allow_anonymous: bool = Field(default=False, description="Serve callers without a key on other addresses than loopback.")
    public_url: Annotated[_Web, AfterValidator(_check_plain)] | None = Field(
        default=None, description="The address under which the service is known; problem types are URIs under it."
    )
    database_url: SecretStr | None = Field(
        default=None, description="The PostgreSQL server that keeps the jobs, `postgresql://…`; one of its own in the data folder when missing."
    )
    worker: bool = Field(default=True, description="Whether `vigie serve` reads the articles of jobs too, with what its callers leave.")
    worker_concurrency: int | None = Field(
        default=None, ge=1, le=1_000, description="Articles of jobs that one process reads at once; as many as the model reads at once when missing."
    )
    job_ttl_s: int = Field(default=604_800, ge=60, description="Seconds after the end of a job for which its records are kept.")
    most_jobs: int = Field(default=20, ge=1, description="Most unfinished jobs of one caller.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level that is logged.")
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"), description="Key for the endpoint."
    )
    openai_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url"), description="Address of the endpoint; OpenAI's own when missing."
    )

    @field_validator("api_keys", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Take a list as one variable of the environment holds it."""
        return tuple(one.strip() for one in value.split(",") if one.strip()) if isinstance(value, str) else value

    @field_validator("allowed_hosts")
    @classmethod
    def _check_hosts(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse an address where a name belongs: no request would ever bear it."""
        if not all(_HOST.fullmatch(name) for name in names):
            raise ValueError("each must be the name of a host or its address alone, such as vigie.example, 192.0.2.7 or [2001:db8::7]")
        return names

    @field_validator("api_keys")
    @classmethod
    def _check_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        """Refuse a key that is easily guessed or that no header can carry."""
        if not all(_KEY.fullmatch(key.get_secret_value()) for key in keys):
            raise ValueError("each key must have 20 to 200 characters, letters, digits, dots, - and _ alone")
        return keys

    @model_validator(mode="after")
    def _check_deadlines(self) -> Self:
        """Refuse a deadline that nobody could be given."""
        if self.deadline_s is not None and self.deadline_s > self.max_deadline_s:
            raise ValueError("VIGIE_DEADLINE_S is above VIGIE_MAX_DEADLINE_S")
        return self

    @model_validator(mode="after")
    def _check_prices(self) -> Self:
        """Refuse half a price."""
        named = {self.usd_per_mtok_input is not None, self.usd_per_mtok_output is not None}
        if len(named) > 1 or (self.usd_per_mtok_cached_input is not None and named != {True}):
            raise ValueError("VIGIE_USD_PER_MTOK_INPUT and VIGIE_USD_PER_MTOK_OUTPUT make a price together, VIGIE_USD_PER_MTOK_CACHED_INPUT only with both")
        return self

    @property
    def is_embedded(self) -> bool:
        """Whether articles are read by the model of our own."""
        return self.model == EMBEDDED

    @property
    def asks_embedded(self) -> bool:
        """Whether that model is asked, so that its weights must be there."""
        return self.is_embedded and self.mode != "replay"

    @property
    def keeps_records(self) -> bool:
        """Whether records are kept for those who ask again: what is to be recorded or replayed is always asked for."""
        return self.cache_mb > 0 and self.mode == "live"

    @property
    def keeps_repeats(self) -> bool:
        """Whether records are kept for those who ask again with an `Idempotency-Key`."""
        return self.cache_mb > 0

    @property
    def default_deadline_s(self) -> float:
        """Seconds for one article whose caller does not say."""
        return min(self.deadline_s or (300 if self.is_embedded else 60), self.max_deadline_s)

    def deadline_for(self, asked_s: float | None) -> float:
        """Return the seconds for one article whose caller asks for `asked_s`."""
        return min(asked_s or self.default_deadline_s, self.max_deadline_s)

    @cached_property
    def recordings(self) -> Path:
        """The folder of recordings."""
        return self.replay_dir or self.data_dir / "recordings"


def variable_of(field: str) -> str:
    """Return the variable of the environment that holds the setting `field`."""
    return field.upper() if field.startswith("openai_") else f"{_PREFIX}{field.upper()}"


class _BareSettings(Settings):
    """Settings that are what they are told to be: the environment is another's."""

    model_config = SettingsConfigDict(extra="forbid")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - Pydantic's own signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take none but what was passed."""
        return (init_settings,)


def bare_settings(**settings: object) -> Settings:
    """Return these `settings`, by the names of their fields; all others have their defaults, whatever the environment says.

    Raises:
        pydantic.ValidationError: One is none, or does not fit.
    """
    return _BareSettings.model_validate(settings)


def settings_of_process() -> Settings:
    """Return the settings of this process.

    Raises:
        SetupError: Some of them do not work, or do not exist. Names them and not their values, which may be secrets.
    """
    faults = _unknown(os.environ)
    try:
        settings = Settings()
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        faults += [_fault(one["loc"], one["msg"].removeprefix("Value error, ")) for one in found]
    if faults:
        raise SetupError(" ".join(faults))
    return settings


def _unknown(environment: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the variables that look like ours and are not."""
    known = [variable_of(field) for field in Settings.model_fields]
    faults = []
    for name, value in sorted(environment.items()):
        if not name.upper().startswith(_PREFIX) or name.upper() in known or _SERVICE_LINK.fullmatch(f"{name}={value}"):
            continue
        near = get_close_matches(name.upper(), known, n=1)
        faults.append(f"{name}: there is no such setting{f'; did you mean {near[0]}?' if near else '.'}")
    return faults


def _fault(place: tuple[int | str, ...], what: str) -> str:
    """Return one sentence on the setting at `place`; what concerns several settings names them itself."""
    if not place:
        return f"{what}."
    name = str(place[0])  # a variable of the environment, or a field
    return f"{name if name.isupper() else variable_of(name)}: {what}."
