"""What the entries of a record have in common: which kind each list holds, the letter of its ids, and which of its fields refer to other entries."""

from collections.abc import Mapping

from schemas.record import Actor, Commitment, Target, Threat, Timeline
from schemas.vocabulary import Section

#: What a record lists.
Entry = Actor | Threat | Target | Timeline | Commitment

KINDS: Mapping[Section, type[Entry]] = {
    Section.ACTORS: Actor,
    Section.TARGETS: Target,
    Section.THREATS: Threat,
    Section.TIMELINES: Timeline,
    Section.COMMITMENTS: Commitment,
}
#: The letters with which ids begin; they also stand for a section where no colour does.
LETTERS: Mapping[Section, str] = {
    Section.ACTORS: "A",
    Section.TARGETS: "G",
    Section.THREATS: "T",
    Section.TIMELINES: "W",
    Section.COMMITMENTS: "C",
}
#: Of each section, the fields that hold ids of other entries, and the section of those.
REFERENCES: Mapping[Section, Mapping[str, Section]] = {
    Section.ACTORS: {"part_of": Section.ACTORS},
    Section.THREATS: {
        **dict.fromkeys(("by", "against", "asserted_by", "reported_by"), Section.ACTORS),
        "targets": Section.TARGETS,
        "timelines": Section.TIMELINES,
    },
    Section.TARGETS: {**dict.fromkeys(("owners", "by"), Section.ACTORS), "timelines": Section.TIMELINES},
    Section.TIMELINES: {},
    Section.COMMITMENTS: {
        **dict.fromkeys(("speakers", "on_behalf_of", "beneficiaries"), Section.ACTORS),
        "threat": Section.THREATS,
        "timelines": Section.TIMELINES,
    },
}
