"""Settings: documented where people look, right by default, read in one place."""

import ast
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.models.base import OutputMode
from service.settings import Settings

ROOT = Path(__file__).parents[2]
#: A row of the README's table: name, default.
ROW = re.compile(r"^\| `((?:VIGIE|OPENAI)_[A-Z_]+)` \| (.+?) \|", re.MULTILINE)
#: A line of .env.example: name, value.
LINE = re.compile(r"^# ((?:VIGIE|OPENAI)_[A-Z_]+)=(.*)$", re.MULTILINE)


def name_of(field: str) -> str:
    """Return the variable that the environment has for a `field`."""
    return field.upper() if field.startswith("openai_") else f"VIGIE_{field.upper()}"


def plain_defaults() -> dict[str, str]:
    """Return the default of each setting that has one, is not a path of the machine's own, and is the same everywhere."""
    defaults = {name_of(field): info.default for field, info in Settings.model_fields.items() if info.default not in (None, ()) and info.default_factory is None}
    return {name: str(default).lower() if isinstance(default, bool) else str(default) for name, default in defaults.items()}


def test_readme_has_each_setting_in_one_table() -> None:
    """README's one table has each setting once, and none that does not exist."""
    names = [name for name, _ in ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))]

    assert sorted(names) == sorted(name_of(field) for field in Settings.model_fields)


def test_readme_tells_the_defaults() -> None:
    """A default that README gives is the default that the code has."""
    told = {name: default.strip("`") for name, default in ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))}

    assert {name: told[name] for name in plain_defaults()} == plain_defaults()


def test_env_example_has_each_setting_commented_out() -> None:
    """`.env.example` has each setting once, with its default, and sets none."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    told = LINE.findall(text)

    assert sorted(name for name, _ in told) == sorted(name_of(field) for field in Settings.model_fields)
    assert {name: value for name, value in told if name in plain_defaults()} == plain_defaults()
    assert all(line.startswith("#") or not line for line in text.splitlines())


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


def test_a_wrong_setting_is_refused_without_an_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong is named and not repeated, for it may hold a secret."""
    monkeypatch.setenv("VIGIE_DEADLINE_S", "a-key-of-ours")

    with pytest.raises(ValidationError, match="deadline_s") as refused:
        Settings()

    assert "a-key-of-ours" not in str(refused.value)


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
