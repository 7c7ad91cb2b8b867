"""What a stream of `POST /extract` tells, event by event. Offsets are those of the record."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.vocabulary import Section


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProgressEvent(_Event):
    """`progress`: how far the reading is."""

    chunks_done: int = Field(ge=0, description="Pieces of the article that are read.")
    chunks: int = Field(ge=0, description="Pieces in all.")
    questions_done: int = Field(ge=0, description="Questions to the model that are answered.")
    questions: int = Field(ge=0, description="Questions in all; asking again is not counted.")
    sections: list[Section] = Field(description="What is being asked for now; empty once all is read.")


class EntryEvent(_Event):
    """`entry`: an entry whose words were found in the article. It is provisional: the `record` supersedes it."""

    section: Section = Field(description="The list that it belongs to.")
    entry: dict[str, Any] = Field(
        description="As in the record, but without `id`; where a record refers to other entries by id, these are their names, expressions or quotes."
    )


class ResetEvent(_Event):
    """`reset`: a piece is asked about once more, and what was told of it in these sections may not stand."""

    sections: list[Section] = Field(description="The lists.")
    start: int = Field(ge=0, description="Where the piece begins, in code points of the text.")
    end: int = Field(ge=0, description="Where it ends, in the same unit.")


class DoneEvent(_Event):
    """`done`: nothing follows."""

    cache: Literal["hit", "miss", "shared"] | None = Field(
        description="Where the record came from, as the header `Vigie-Cache` has it; null: it was read, and none are kept."
    )
