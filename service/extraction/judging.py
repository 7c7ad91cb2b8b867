"""Judging: what of the proven targets may stand as one. Military and government only, by what the thing is; what is spared or civilian never is."""

from dataclasses import dataclass

import regex

from schemas.draft import TargetDraft
from schemas.record import Rejection
from schemas.vocabulary import ActorKind, CountryBasis, RejectionReason, Section, TargetCategory, TargetKind
from service.extraction.alignment import folded
from service.extraction.grounding import Grounded, Proven, rejection
from service.extraction.names import actor_key
from service.extraction.places import country

#: Kinds of actor that are no thing to be struck, only someone to whom such things belong.
_NO_TARGETS = frozenset({ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.PARTY, ActorKind.ORGANISATION, ActorKind.COMPANY, ActorKind.UNNAMED_SOURCE})

#: Words that name something civilian, by their beginnings, in the languages served. A hit refuses the target whatever the model called it.
_CIVILIAN = regex.compile(
    r"\b(?:(?<!guardia\s)civil(?!\s+(?:guard|servic|servant))|hospital|hôpita|polyclini|clinic|cliniqu|clínic|poliklin|klinik|krankenh|spital|ospedal|"
    r"school|école|escuela|escola|schul|scuol|universit|universid|kindergarten|crèche|church|église|iglesia|kirche|mosque|mosquée|mezquita|moschee|synagog|"
    r"temple|market|marché|mercado|markt|shop|bakery|boulang|panader|bäcker|farm(?!ac)|"
    r"homes?\b|houses?\b|maison|immeuble|logement|casas?\b|vivienda|häuser|wohn|apartment|appartement|apartament|residen|résiden|"
    r"famil|child|enfant|niñ|kinder\b|women|femmes|mujeres|frauen|habitant|bewohner|villager|villageois|"
    r"doctor|médecin|médico|ärzt|nurse|teacher|enseignant|maestr|lehrer|refugee|réfugié|refugiad|flüchtling|journalist|periodist|"
    r"aid\s+(?:worker|group|convoy)|humanita|ambulanc|zivil|sivil|hastane|okul|"
    r"гражданск|мирн|больниц|поликлиник|клиник|школ|рынок|рынк|церк|мечет|университет|дет(?:и|ей|ск)|жил|цивільн|лікарн|шкіл|"
    r"[ובלהמ]?(?:אזרח|בתי?\s+(?:ה?חולים|ה?ספר)))|"
    # Arabic writes and, in, to and the onto the word.
    r"\b[وفبكل]{0,2}(?:ال|ل)?(?:مدني|مستشف|مدرس|مدارس|سوق|أسواق|مسجد|مساجد|جامع|منازل|منزل|أطفال)|"
    r"平民|民用|医院|醫院|學校|学校|住宅|市场|市場|居民|民間|病院",
    regex.IGNORECASE,
)


#: Words that say what a thing is, by their beginnings: of the armed forces, of a government, a diplomatic mission. They outweigh what the model said of it.
_MILITARY = regex.compile(
    r"\b(?:milit|militär|armée|army|armies|navy|naval|marine|air\s?base|air force|base|bases|barrack|caserne|cuartel|kaserne|troop|troupe|tropa|truppe|"
    r"soldat|soldier|soldad|missile|misil|raket|radar|warship|frigate|frégate|fragata|fregatte|submarine|battalion|bataillon|brigade|garnison|garrison|arsenal|"
    r"военн|армии|войск|казарм|військ|ال?عسكري|ال?جيش|צבא)|军|基地|軍",
    regex.IGNORECASE,
)
_GOVERNMENT = regex.compile(
    r"\b(?:govern|gouvern|gobiern|gubern|regier|minist|parliament|parlement|parlament|presiden|président|prefect|préfet|prefet|police|polic[ií]|polizei|commissariat|"
    r"court|tribunal|gericht|правительств|министер|полици|уряд|"
    r"міністер|ال?حكوم|وزارة|الوزارة|ال?شرطة|ממשל|משטר)|政府|警察|部委",
    regex.IGNORECASE,
)
_DIPLOMATIC = regex.compile(
    r"\b(?:diplom|embass|ambassad|embajad|botschaft|ambasciat|consul|konsul|посольств|консульств|дипломат|سفارة|السفارة|قنصلية|القنصلية|דיפלומט|שגריר)|使馆|领事|大使館",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class JudgedTarget:
    """A target that may stand, with the one category that it has."""

    proven: Proven[TargetDraft]
    category: TargetCategory


@dataclass(frozen=True, slots=True)
class Judged:
    """The targets that may stand, and why the others may not."""

    targets: list[JudgedTarget]
    refused: list[Rejection]


def judge(grounded: Grounded, language: str) -> Judged:
    """Return which targets may stand, a coordinated mention once for each category."""
    holders = {actor_key(actor.draft.name) for actor in grounded.actors if actor.draft.kind in _NO_TARGETS}
    judged: list[JudgedTarget] = []
    refused: list[Rejection] = []
    for proven in grounded.targets:
        verdict = _verdict(proven.draft, holders, language)
        if verdict:
            refused.append(rejection(Section.TARGETS, *verdict, proven.draft))
            continue
        judged.extend(JudgedTarget(proven, category) for category in _categories(proven.draft))
    return Judged(judged, refused)


def _verdict(target: TargetDraft, holders: set[str], language: str) -> tuple[RejectionReason, str] | None:
    if target.category == "civilian" or _CIVILIAN.search(target.name):
        return RejectionReason.CIVILIAN, "It is civilian."
    if target.category == "other":
        return RejectionReason.UNVERIFIABLE, "It is neither military nor of a government."
    if target.status == "spared":
        return RejectionReason.NEGATED, "The article says that it is spared."
    if actor_key(target.name) in holders or country(target.name, None, language)[1] == CountryBasis.VERIFIED:
        return RejectionReason.UNVERIFIABLE, "A country, a group or a party is no target; its military and government things are."
    return _doubt(target)


def _doubt(target: TargetDraft) -> tuple[RejectionReason, str] | None:
    """Return why a target might be anything, or None if it is known what it is."""
    if target.place and folded(target.name) == folded(target.place):
        return RejectionReason.UNVERIFIABLE, "A place is no target; what stands there may be."
    if target.kind == TargetKind.OTHER and not any(words.search(target.name) for words in (_MILITARY, _GOVERNMENT, _DIPLOMATIC)):
        return RejectionReason.UNVERIFIABLE, "Neither its kind nor its name says what it is."
    return None


def _categories(target: TargetDraft) -> list[TargetCategory]:
    """Return what a target is: by the words of its name where they say so, else as the model has it. Both, where its name says both."""
    if _DIPLOMATIC.search(target.name):
        return [TargetCategory.GOVERNMENT]
    said = [category for category, words in ((TargetCategory.MILITARY, _MILITARY), (TargetCategory.GOVERNMENT, _GOVERNMENT)) if words.search(target.name)]
    if said:
        return said
    return list(TargetCategory) if target.category == "military_and_government" else [TargetCategory(target.category)]
