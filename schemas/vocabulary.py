"""The closed sets of the record: every enumerated value that a draft or a record may hold.

Sources: actor sectors and kinds of threat follow PLOVER 0.8, stages follow the MUC-3/4 template, likelihood bands follow ICD 203.
"""

from enum import StrEnum


class Section(StrEnum):
    """The five lists of a record, in the order in which they are read."""

    ACTORS = "actors"
    TARGETS = "targets"
    THREATS = "threats"
    TIMELINES = "timelines"
    COMMITMENTS = "commitments"


class ActorKind(StrEnum):
    """What an actor is."""

    STATE = "state"
    GOVERNMENT = "government"
    ARMED_FORCES = "armed_forces"
    ARMED_GROUP = "armed_group"
    PARTY = "party"
    ORGANISATION = "organisation"
    COMPANY = "company"
    PERSON = "person"
    UNNAMED_SOURCE = "unnamed_source"
    OTHER = "other"


class ThreatKind(StrEnum):
    """What a threat would do: the modes of PLOVER's THREATEN, with CAMEO's ultimatum."""

    VIOLENCE = "violence"
    TERRITORY = "territory"
    RESTRICT = "restrict"
    ARREST = "arrest"
    RELATIONS = "relations"
    EXPEL = "expel"
    ULTIMATUM = "ultimatum"
    OTHER = "other"


class ThreatBasis(StrEnum):
    """Whether the one who would act says so, or others expect it."""

    DECLARED = "declared"
    ASSESSED = "assessed"


class ThreatStage(StrEnum):
    """What became of a threat within the article (MUC-3/4, stage of execution)."""

    THREATENED = "threatened"
    ATTEMPTED = "attempted"
    ACCOMPLISHED = "accomplished"


class Means(StrEnum):
    """With what a threat would be carried out."""

    MISSILE = "missile"
    DRONE = "drone"
    AIRSTRIKE = "airstrike"
    ARTILLERY = "artillery"
    BOMB = "bomb"
    GROUND_OFFENSIVE = "ground_offensive"
    NAVAL = "naval"
    CYBER = "cyber"
    SABOTAGE = "sabotage"
    ASSASSINATION = "assassination"
    KIDNAPPING = "kidnapping"
    BLOCKADE = "blockade"
    SANCTIONS = "sanctions"
    CBRN = "cbrn"
    OTHER = "other"


class TargetCategory(StrEnum):
    """The only two categories that a target of a record can have."""

    MILITARY = "military"
    GOVERNMENT = "government"


class TargetKind(StrEnum):
    """What a target is, by what it is and not by the adjective nearest to it."""

    BASE = "base"
    HEADQUARTERS = "headquarters"
    FORCES = "forces"
    PERSONNEL = "personnel"
    WEAPON_SYSTEM = "weapon_system"
    SHIP_OR_AIRCRAFT = "ship_or_aircraft"
    OFFICIAL = "official"
    GOVERNMENT_BUILDING = "government_building"
    DIPLOMATIC_MISSION = "diplomatic_mission"
    POLICE = "police"
    INTELLIGENCE = "intelligence"
    COURT = "court"
    INFRASTRUCTURE = "infrastructure"
    OTHER = "other"


class TargetStatus(StrEnum):
    """Whether a target may be struck or has been."""

    THREATENED = "threatened"
    ATTACKED = "attacked"


class Direction(StrEnum):
    """Where a time lies, seen from the publication of the article."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"


class TimeBasis(StrEnum):
    """How the interval of a timeline is known."""

    STATED = "stated"
    INFERRED = "inferred"
    UNRESOLVED = "unresolved"


class Precision(StrEnum):
    """The calendar unit in which a time is told."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


class CommitmentKind(StrEnum):
    """What is promised or refused."""

    SUPPORT_MILITARY = "support_military"
    SUPPORT_DIPLOMATIC = "support_diplomatic"
    SUPPORT_ECONOMIC = "support_economic"
    SUPPORT_HUMANITARIAN = "support_humanitarian"
    DEFENCE = "defence"
    RETALIATION = "retaliation"
    RESTRAINT = "restraint"
    NEGOTIATION = "negotiation"
    CEASEFIRE = "ceasefire"
    WITHDRAWAL = "withdrawal"
    RELEASE = "release"
    DELIVERY = "delivery"
    REFORM = "reform"
    OTHER = "other"


class Polarity(StrEnum):
    """Whether someone says that it will or will not."""

    WILL = "will"
    WILL_NOT = "will_not"


class Match(StrEnum):
    """How the words of a quote were found in the text."""

    EXACT = "exact"
    FOLDED = "folded"
    ELIDED = "elided"
    FUZZY = "fuzzy"


class RejectionReason(StrEnum):
    """Why an entry that the model offered is not in the record."""

    CIVILIAN = "civilian"
    NOT_IN_TEXT = "not_in_text"
    CONTRADICTED = "contradicted"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"
    DUPLICATE = "duplicate"
    DANGLING = "dangling"
    OVER_LIMIT = "over_limit"
    UNVERIFIABLE = "unverifiable"


class LikelihoodBand(StrEnum):
    """The seven bands of ICD 203."""

    ALMOST_NO_CHANCE = "almost_no_chance"
    VERY_UNLIKELY = "very_unlikely"
    UNLIKELY = "unlikely"
    ROUGHLY_EVEN = "roughly_even"
    LIKELY = "likely"
    VERY_LIKELY = "very_likely"
    ALMOST_CERTAIN = "almost_certain"


class Sector(StrEnum):
    """The sectors of PLOVER that follow from an actor's kind alone."""

    GOVERNMENT = "GOV"
    MILITARY = "MIL"
    PARTY = "PTY"
    BUSINESS = "BUS"


class PublishedBasis(StrEnum):
    """Where the publication date comes from."""

    GIVEN = "given"
    TEXT = "text"
    NONE = "none"


class CountryBasis(StrEnum):
    """How a country is known: confirmed by code, said by the model alone, or not at all."""

    VERIFIED = "verified"
    MODEL = "model"
    NONE = "none"
