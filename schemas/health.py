"""What the probes answer when all is well."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Live(BaseModel):
    """The process runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Literal["live"] = Field(default="live", description="Always the same word.")


class Ready(BaseModel):
    """An article can be read now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Literal["ready"] = Field(default="ready", description="Always the same word.")
    model: str = Field(description="Name of the model that reads.")
    mode: Literal["live", "record", "replay"] = Field(description="Whether the model is asked, asked and recorded, or its recorded answers are replayed.")
