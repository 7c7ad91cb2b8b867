"""What all three ask: in the shape of the record's draft, with instructions that are shorter than ours."""

from typing import Any

from schemas.draft import Draft

MODEL = "reader"
INSTRUCTIONS = (
    "You read one news article and list its actors, targets, threats, timelines and commitments. Copy names, quotes and expressions from the article letter by "
    "letter, in its own language; write action, event and commitment in English. List each thing once; leave empty what the article does not say."
)
#: As Instructor sends it, for those who do without.
RESPONSE_FORMAT: dict[str, Any] = {"type": "json_schema", "json_schema": {"name": "Draft", "schema": Draft.model_json_schema()}}


def messages(text: str) -> list[dict[str, str]]:
    """Return the conversation about an article."""
    return [{"role": "system", "content": INSTRUCTIONS}, {"role": "user", "content": text}]
