"""Judging: what of the proven targets may stand as one. Military and government only, by what the thing is; what is spared or civilian never is."""

from dataclasses import dataclass

import regex

from schemas.draft import TargetDraft
from schemas.record import Rejection
from schemas.vocabulary import ActorKind, CountryBasis, RejectionReason, Section, TargetCategory
from service.extraction.alignment import folded
from service.extraction.grounding import Grounded, Proven, rejection
from service.extraction.linking import actor_key
from service.extraction.places import country

#: Kinds of actor that are no thing to be struck, only someone to whom such things belong.
_NO_TARGETS = frozenset({ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.PARTY, ActorKind.ORGANISATION, ActorKind.COMPANY, ActorKind.UNNAMED_SOURCE})

#: Words that name something civilian, by their beginnings, in the languages served. A hit refuses the target whatever the model called it.
_CIVILIAN = regex.compile(
    r"\b(?:(?<!guardia\s)civil(?!\s+(?:guard|servic|servant))|hospital|hôpita|clinic|cliniqu|clínic|klinik|krankenh|spital|ospedal|school|école|escuela|escola|schul|scuol|"
    r"universit|kindergarten|crèche|church|église|iglesia|kirche|mosque|mosquée|mezquita|moschee|synagog|temple|market|marché|mercado|markt|"
    r"famil|children|enfant|niños|kinder\b|women|femmes|mujeres|frauen|resident|habitant|residente|bewohner|villager|villageois|wohn|apartment|appartement|"
    r"refugee|réfugié|refugiad|flüchtling|journalist|périodist|periodist|aid\s+(?:worker|group|convoy)|humanita|ambulanc|bakery|boulang|panader|"
    r"zivil|гражданск|мирн|больниц|школ|жител|цивільн|лікарн|шкіл|"
    r"مدني|المدني|مستشفى|المستشفى|مستشفيات|مدرسة|مدارس|אזרח|בית חולים|sivil|hastane|okul)|平民|民用|医院|學校|学校|居民|民間|病院",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class JudgedTarget:
    """A target that may stand, with the one category that it has."""

    proven: Proven[TargetDraft]
    category: TargetCategory


def judge(grounded: Grounded, language: str) -> tuple[list[JudgedTarget], list[Rejection]]:
    """Return the targets that may stand, a coordinated mention once for each category, and why the others may not."""
    holders = {actor_key(actor.draft.name) for actor in grounded.actors if actor.draft.kind in _NO_TARGETS}
    judged: list[JudgedTarget] = []
    refused: list[Rejection] = []
    for proven in grounded.targets:
        verdict = _verdict(proven.draft, holders, language)
        if verdict:
            refused.append(rejection(Section.TARGETS, *verdict, proven.draft))
            continue
        categories = TargetCategory if proven.draft.category == "military_and_government" else (TargetCategory(proven.draft.category),)
        judged.extend(JudgedTarget(proven, category) for category in categories)
    return judged, refused


def _verdict(target: TargetDraft, holders: set[str], language: str) -> tuple[RejectionReason, str] | None:
    if target.category == "civilian" or _CIVILIAN.search(target.name):
        return RejectionReason.CIVILIAN, "It is civilian."
    if target.category == "other":
        return RejectionReason.UNVERIFIABLE, "It is neither military nor of a government."
    if target.status == "spared":
        return RejectionReason.NEGATED, "The article says that it is spared."
    if actor_key(target.name) in holders or country(target.name, None, language)[1] == CountryBasis.VERIFIED:
        return RejectionReason.UNVERIFIABLE, "A country, a group or a party is no target; its military and government things are."
    if target.place and folded(target.name) == folded(target.place):
        return RejectionReason.UNVERIFIABLE, "A place is no target; what stands there may be."
    return None
