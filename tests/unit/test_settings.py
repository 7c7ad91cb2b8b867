"""Settings: documented where people look, right by default, read in one place."""

import ast
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.errors import SetupError
from service.models.base import OutputMode
from service.settings import Settings, settings_of_process, variable_of

ROOT = Path(__file__).parents[2]
#: A row of the README's table: name, default.
ROW = re.compile(r"^\| `((?:VIGIE|OPENAI)_[A-Z_]+)` \| (.+?) \|", re.MULTILINE)
#: A line of .env.example: name, value.
LINE = re.compile(r"^# ((?:VIGIE|OPENAI)_[A-Z_]+)=(.*)$", re.MULTILINE)


def plain_defaults() -> dict[str, str]:
    """Return the default of each setting that has one, is not a path of the machine's own, and is the same everywhere."""
    defaults = {
        variable_of(field): info.default for field, info in Settings.model_fields.items() if info.default not in (None, ()) and info.default_factory is None
    }
    return {name: str(default).lower() if isinstance(default, bool) else str(default) for name, default in defaults.items()}


def test_readme_has_each_setting_in_one_table() -> None:
    """README's one table has each setting once, and none that does not exist."""
    names = [name for name, _ in ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))]

    assert sorted(names) == sorted(variable_of(field) for field in Settings.model_fields)


def test_readme_tells_the_defaults() -> None:
    """A default that README gives is the default that the code has."""
    told = {name: default.strip("`") for name, default in ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))}

    assert {name: told[name] for name in plain_defaults()} == plain_defaults()


def test_env_example_has_each_setting_commented_out() -> None:
    """`.env.example` has each setting once, with its default, and sets none."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    told = LINE.findall(text)

    assert sorted(name for name, _ in told) == sorted(variable_of(field) for field in Settings.model_fields)
    assert {name: value for name, value in told if name in plain_defaults()} == plain_defaults()
    assert all(line.startswith("#") or not line for line in text.splitlines())


@pytest.mark.parametrize(
    "half",
    [
        {"usd_per_mtok_input": "1"},
        {"usd_per_mtok_output": "1"},
        {"usd_per_mtok_cached_input": "1"},
        {"usd_per_mtok_input": "1", "usd_per_mtok_cached_input": "1"},
        {"usd_per_mtok_input": "-1", "usd_per_mtok_output": "1"},
        {"usd_per_mtok_input": "NaN", "usd_per_mtok_output": "1"},
        {"usd_per_mtok_input": "1e9", "usd_per_mtok_output": "1"},
    ],
)
def test_half_a_price_is_none(half: dict[str, str]) -> None:
    """A price is named whole, in numbers that can be one, or the service does not start."""
    with pytest.raises(ValidationError):
        Settings.model_validate(half)


def test_defaults_keep_articles_on_the_machine() -> None:
    """Without any setting the embedded model reads, so that no article leaves by accident."""
    settings = Settings()

    assert settings.is_embedded
    assert settings.mode == "live"
    assert settings.openai_api_key is None
    assert settings.openai_base_url is None
    assert settings.output_mode is OutputMode.JSON_SCHEMA


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, 300, id="embedded"),
        pytest.param({"model": "a-hosted-model"}, 60, id="hosted"),
        pytest.param({"deadline_s": 12.5}, 12.5, id="said"),
        pytest.param({"max_deadline_s": 30}, 30, id="never above the maximum"),
    ],
)
def test_default_deadline(given: dict[str, float | str], expected: float) -> None:
    """The deadline follows the model unless it is said, and stays under the maximum."""
    assert Settings.model_validate(given).default_deadline_s == expected


def test_recordings_stand_in_the_data_folder(tmp_path: Path) -> None:
    """Recordings have a folder of their own, unless one is named."""
    assert Settings(data_dir=tmp_path).recordings == tmp_path / "recordings"
    assert Settings(data_dir=tmp_path, replay_dir=tmp_path / "kept").recordings == tmp_path / "kept"


def test_another_model_takes_environment_variables_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Model, address and key come from the environment, and the key never shows."""
    monkeypatch.setenv("VIGIE_MODEL", "some-model")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-ours")

    settings = Settings()

    assert (settings.model, settings.openai_base_url) == ("some-model", "http://127.0.0.1:9/v1")
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "a-key-of-ours"
    assert "a-key-of-ours" not in repr(settings)


def test_k11_a_wrong_setting_is_refused_without_an_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong is named and not repeated, for it may hold a secret."""
    monkeypatch.setenv("VIGIE_DEADLINE_S", "a-key-of-ours")

    with pytest.raises(ValidationError, match="deadline_s") as refused:
        Settings()

    assert "a-key-of-ours" not in str(refused.value)


def faults_of(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """Return what is said of an environment that does not work."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SetupError) as refused:
        settings_of_process()
    return refused.value.detail


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("VIGIE_DEADLIN_S", "VIGIE_DEADLIN_S: there is no such setting; did you mean VIGIE_DEADLINE_S?"),
        ("VIGIE_API_KEY", "VIGIE_API_KEY: there is no such setting; did you mean VIGIE_API_KEYS?"),
        ("vigie_modell", "vigie_modell: there is no such setting; did you mean VIGIE_MODEL?"),
        ("VIGIE_OPENAI_API_KEY", "VIGIE_OPENAI_API_KEY: there is no such setting; did you mean OPENAI_API_KEY?"),
        ("VIGIE_XYZZY", "VIGIE_XYZZY: there is no such setting."),
        ("VIGIE_PORT", "VIGIE_PORT: there is no such setting"),
        ("VIGIE_", "VIGIE_: there is no such setting"),
    ],
)
def test_k11_a_setting_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    """Whoever mistypes a name learns it, and which one was meant; what was to be set is not shown."""
    found = faults_of(monkeypatch, **{name: "a-key-of-ours"})

    assert found.startswith(said)
    assert "a-key-of-ours" not in found


def test_k11_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to start three times to find three mistakes."""
    found = faults_of(monkeypatch, VIGIE_MODUS="replay", VIGIE_CHUNK_CHARS="few", VIGIE_PUBLIC_URL="vigie.example")

    assert all(name in found for name in ("VIGIE_MODUS: ", "VIGIE_CHUNK_CHARS: ", "VIGIE_PUBLIC_URL: "))


def test_what_kubernetes_sets_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service called `vigie` puts variables with our prefix into each container beside it."""
    links = {
        "VIGIE_SERVICE_HOST": "192.0.2.1",
        "VIGIE_SERVICE_PORT": "8000",
        "VIGIE_SERVICE_PORT_HTTP": "8000",
        "VIGIE_PORT": "tcp://192.0.2.1:8000",
        "VIGIE_PORT_8000_TCP": "tcp://192.0.2.1:8000",
        "VIGIE_PORT_8000_TCP_PROTO": "tcp",
        "VIGIE_PORT_8000_TCP_PORT": "8000",
        "VIGIE_PORT_8000_TCP_ADDR": "192.0.2.1",
        "VIGIE_CACHE_SERVICE_HOST": "192.0.2.2",
        "VIGIE_CACHE_PORT": "tcp://192.0.2.2:6379",
    }
    for name, value in links.items():
        monkeypatch.setenv(name, value)

    assert settings_of_process() == Settings()


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a compose file passes on and nobody has set counts as not set."""
    for field in Settings.model_fields:
        monkeypatch.setenv(variable_of(field), "")

    assert settings_of_process().model_fields_set == set()


@pytest.mark.parametrize("field", ["public_url", "weights_url"])
@pytest.mark.parametrize(
    "address", ["vigie.example", "ftp://vigie.example", "http://", "http://[a", "http://a:b", "http://a:99999", "http://a\u2100b", "//a", "a"]
)
def test_an_address_must_be_one(monkeypatch: pytest.MonkeyPatch, field: str, address: str) -> None:
    """What is no web address is refused by the name of its setting, and not repeated."""
    assert faults_of(monkeypatch, **{variable_of(field): address}) == f"{variable_of(field)}: must be an http or https address."


@pytest.mark.parametrize("address", ["https://a:b@vigie.example", "https://vigie.example/?a=b", "https://vigie.example/#a", "https://@vigie.example"])
def test_the_public_address_is_plain(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """What every problem carries holds no password, and further parts can follow it."""
    assert "VIGIE_PUBLIC_URL: must be an address without user name" in faults_of(monkeypatch, VIGIE_PUBLIC_URL=address)


def test_a_mirror_may_ask_for_a_password() -> None:
    """The address of the weights is told to nobody, so it may hold what the mirror wants."""
    address = "https://a:b@mirror.example/weights.gguf?token=c"

    assert Settings(weights_url=address).weights_url == address


def test_settings_that_contradict_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deadline above the longest one would never be given; both settings are named."""
    assert faults_of(monkeypatch, VIGIE_DEADLINE_S="601") == "VIGIE_DEADLINE_S is above VIGIE_MAX_DEADLINE_S."


@pytest.mark.parametrize("name", ["VIGIE_DEADLINE_S", "VIGIE_MAX_DEADLINE_S"])
@pytest.mark.parametrize("value", ["inf", "nan", "0", "-1"])
def test_a_deadline_is_a_time(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A deadline that never comes, or has passed, is none."""
    assert faults_of(monkeypatch, **{name: value}).startswith(f"{name}: ")


@pytest.mark.parametrize(("given", "asked"), [({}, True), ({"mode": "record"}, True), ({"mode": "replay"}, False), ({"model": "hosted"}, False)])
def test_the_embedded_model_is_asked_where_it_reads(given: dict[str, str], *, asked: bool) -> None:
    """Weights are needed only where somebody reads with them."""
    assert Settings.model_validate(given).asks_embedded is asked


def environment_reads(source: str) -> list[int]:
    """Return the lines of `source` that read the environment, in whatever spelling."""
    words = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv", "load_dotenv", "BaseSettings"}
    return sorted(
        {
            node.lineno
            for node in ast.walk(ast.parse(source))
            if (isinstance(node, ast.Attribute) and node.attr in words)
            or (isinstance(node, ast.Name) and node.id in words)
            or (isinstance(node, ast.ImportFrom) and any(alias.name in words for alias in node.names))
        }
    )


@pytest.mark.parametrize(
    "source", ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ as e", "from pydantic_settings import BaseSettings"]
)
def test_a_reader_is_seen(source: str) -> None:
    """The search below finds what it looks for."""
    assert environment_reads(source)


def test_only_settings_reads_the_environment() -> None:
    """One module reads the environment, so that one table can tell all of it."""
    readers = {
        path.relative_to(ROOT).as_posix()
        for package in ("service", "schemas", "prompts")
        for path in (ROOT / package).rglob("*.py")
        if environment_reads(path.read_text(encoding="utf-8"))
    }

    assert readers == {"service/settings.py"}


@pytest.mark.parametrize(
    ("changed", "records", "repeats"),
    [({}, True, True), ({"mode": "record"}, False, True), ({"mode": "replay"}, False, True), ({"cache_mb": 0}, False, False)],
)
def test_a_recording_is_always_made_and_a_replay_replayed(changed: dict[str, object], records: bool, repeats: bool) -> None:  # noqa: FBT001 - a table
    """No kept record stands in their way; without memory nothing is kept at all."""
    settings = Settings.model_validate(changed)

    assert (settings.keeps_records, settings.keeps_repeats) == (records, repeats)


@pytest.mark.parametrize("changed", [{"cache_ttl_s": 0}, {"cache_ttl_s": 86_401}, {"cache_mb": -1}])
def test_j11_no_record_is_kept_for_more_than_a_day(changed: dict[str, object]) -> None:
    """Nor for no time at all: that is what no memory is for."""
    with pytest.raises(ValidationError):
        Settings.model_validate(changed)
