"""Text only: the prompts, one file a task and version. A released version is never edited. Imports nothing of ours."""

from importlib.resources import files


def read_prompt(name: str) -> str:
    """Return the text of the prompt `name`, such as `extract.v1`."""
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
