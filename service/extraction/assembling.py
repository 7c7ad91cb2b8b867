"""Assembling: the record, from the entries that stand."""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from schemas.draft import CommitmentDraft, ThreatDraft, TimelineDraft
from schemas.record import (
    SCHEMA_VERSION,
    Actor,
    ArticleFacts,
    Commitment,
    Extraction,
    Likelihood,
    Mention,
    Notice,
    Record,
    Target,
    Threat,
    Timeline,
)
from schemas.vocabulary import ActorKind, Direction, Means, RejectionReason, Section, Sector, TargetStatus
from service.extraction import linking
from service.extraction.grounding import Grounded, Proven, mentions, rejection
from service.extraction.judgement.likelihood import likelihood
from service.extraction.judging import Judged, JudgedTarget
from service.extraction.linking import Links
from service.extraction.own_words import OwnWords
from service.extraction.people.actors import NumberedActor, number_actors
from service.extraction.people.belonging import parents_of
from service.extraction.people.names import actor_key
from service.extraction.places import country_where
from service.extraction.preparing import Prepared
from service.extraction.times import resolve, seen

#: Most rejected entries that a record lists; the rest is counted.
MAX_REJECTED = 50
#: Most entries of a section that a record holds: more than the answers about all pieces of the longest article.
MAX_ENTRIES = 2_000

_SECTORS = {
    ActorKind.STATE: Sector.GOVERNMENT,
    ActorKind.GOVERNMENT: Sector.GOVERNMENT,
    ActorKind.ARMED_FORCES: Sector.MILITARY,
    ActorKind.PARTY: Sector.PARTY,
    ActorKind.COMPANY: Sector.BUSINESS,
}


def assemble(prepared: Prepared, grounded: Grounded, judged: Judged, warnings: Sequence[Notice], how: Extraction) -> Record:
    """Return the record of an article.

    Args:
        prepared: The article.
        grounded: The entries whose words were found.
        judged: Which of them may stand.
        warnings: What a reader should know, beyond what `prepared` holds.
        how: How the draft came about.
    """
    return _Assembly(prepared, grounded, judged, OwnWords(how.prompt, prepared.text)).record((*prepared.warnings, *warnings), how)


class _Assembly:
    """One record in the making."""

    def __init__(self, prepared: Prepared, grounded: Grounded, judged: Judged, own_words: OwnWords) -> None:
        self.prepared, self.own_words = prepared, own_words
        self.refused = [*grounded.rejected, *judged.refused]
        roster = number_actors(judged.actors, prepared.folded, prepared.language)
        numbered = roster.actors
        self.refused.extend(roster.refused)
        self.actors = numbered[:MAX_ENTRIES]
        self._over_limit(Section.ACTORS, [actor.drafts[0] for actor in numbered[MAX_ENTRIES:]])
        self.timeline_drafts = self._timeline_drafts(judged.timelines)
        self.timeline_ids = [(f"W{number}", proven.draft.expression, proven.evidence) for number, proven in enumerate(self.timeline_drafts, 1)]
        self.timelines = [self._timeline(number, proven) for number, proven in enumerate(self.timeline_drafts, 1)]
        self.coming = [(timeline.id, timeline.evidence[0]) for timeline in self.timelines if timeline.direction == Direction.FUTURE]
        self.links = Links(self.actors, self.timeline_ids, prepared.language)
        self.parents, contradicted = parents_of(self.actors, self.links, prepared.folded, prepared.language)
        self.refused.extend(contradicted)
        self.target_drafts = self._target_drafts(judged.targets)
        self.threatened_ids = [
            (f"G{number}", target.proven.evidence) for number, target in enumerate(self.target_drafts, 1) if target.proven.draft.status == "threatened"
        ]
        self.threat_drafts: list[Proven[ThreatDraft]] = self._distinct(judged.threats, Section.THREATS)
        self.commitment_drafts: list[Proven[CommitmentDraft]] = self._distinct(judged.commitments, Section.COMMITMENTS)
        self.pledges = judged.pledges
        self.threat_ids = {threat.span: f"T{number}" for number, threat in enumerate(self.threat_drafts, 1)}

    def record(self, warnings: Sequence[Notice], how: Extraction) -> Record:
        """Return the record, named after its content."""
        article = self.prepared.article
        content: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "article": ArticleFacts(
                sha256=self.prepared.sha256,
                characters=len(self.prepared.text),
                language=self.prepared.language,
                published=self.prepared.published,
                published_basis=self.prepared.published_basis,
                title=article.title,
                source=article.source,
            ),
            "actors": [self._actor(actor) for actor in self.actors],
            "threats": [self._threat(number, proven) for number, proven in enumerate(self.threat_drafts, 1)],
            "targets": [self._target(number, target) for number, target in enumerate(self.target_drafts, 1)],
            "timelines": self.timelines,
            "commitments": [self._commitment(number, proven) for number, proven in enumerate(self.commitment_drafts, 1)],
            "extraction": how,
        }
        rejected = [*self.refused, *self.links.dangling]
        listed = [one.model_copy(update={"item": self.own_words.of_refused(one.item)}) for one in rejected[:MAX_REJECTED]]
        content |= {"rejected": listed, "rejected_omitted": max(len(rejected) - MAX_REJECTED, 0), "warnings": [*warnings, *self._withheld()]}
        record = Record(id="rec_0", **content)
        digest = hashlib.sha256(json.dumps(record.model_dump(mode="json"), ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
        return record.model_copy(update={"id": f"rec_{digest[:24]}"})

    def _withheld(self) -> list[Notice]:
        count = self.own_words.withheld
        detail = f"The model wrote more than plain words in {count} places; they are left out."
        return [Notice(code="words_withheld", detail=detail, start=None, end=None)] if count else []

    def _actor(self, actor: NumberedActor) -> Actor:
        # Words may be found that are no whole words by themselves: a mark that stands on nothing.
        proof = actor.drafts[0].evidence
        first = Mention(quote=proof.quote, start=proof.start, end=proof.end)
        return Actor(
            id=actor.id,
            name=actor.name,
            aliases=list(actor.aliases),
            kind=actor.kind,
            sector=_SECTORS.get(actor.kind),
            country=actor.country,
            country_basis=actor.country_basis,
            part_of=self.parents.get(actor.id),
            mentions=mentions(actor.mentioned, self.prepared.folded) or [first],
        )

    def _threat(self, number: int, proven: Proven[ThreatDraft]) -> Threat:
        draft, link = proven.draft, self.links.actors
        return Threat(
            id=f"T{number}",
            kind=draft.kind,
            by=link(Section.THREATS, "by", draft.by),
            against=link(Section.THREATS, "against", draft.against),
            asserted_by=link(Section.THREATS, "asserted_by", draft.asserted_by),
            reported_by=link(Section.THREATS, "reported_by", draft.reported_by),
            basis=draft.basis,
            stage=draft.stage,
            action=self.own_words.of_entry(draft.action),
            means=[means for means in Means if means in draft.means],
            condition=draft.condition,
            likelihood=Likelihood(phrase=draft.likelihood, band=likelihood(draft.likelihood, self.prepared.language)) if draft.likelihood else None,
            targets=linking.inside(proven.evidence, self.threatened_ids),
            timelines=self._when(Section.THREATS, proven),
            evidence=[proven.evidence],
        )

    def _target(self, number: int, target: JudgedTarget) -> Target:
        draft, evidence = target.proven.draft, target.proven.evidence
        return Target(
            id=f"G{number}",
            name=draft.name,
            category=target.category,
            kind=draft.kind,
            place=draft.place,
            country=country_where(draft.place, draft.name, self.prepared.language),
            owners=self.links.actors(Section.TARGETS, "owner", [draft.owner]),
            by=self.links.actors(Section.TARGETS, "by", [draft.by]),
            status=TargetStatus(draft.status),
            dual_use=target.dual_use,
            timelines=self.links.when(Section.TARGETS, draft.when, evidence),
            evidence=[evidence],
        )

    def _timeline(self, number: int, proven: Proven[TimelineDraft]) -> Timeline:
        published = self.prepared.published
        interval = resolve(proven.draft, published, self.prepared.language, self.prepared.text[slice(*proven.evidence.sentence)])
        return Timeline(
            id=f"W{number}",
            expression=proven.draft.expression,
            event=self.own_words.of_entry(proven.draft.event),
            edtf=interval.edtf,
            start=interval.start,
            end=interval.end,
            precision=interval.precision,
            approximate=interval.approximate,
            within=interval.within,
            direction=seen(interval, published, proven.draft.direction),
            basis=interval.basis,
            evidence=[proven.evidence],
        )

    def _commitment(self, number: int, proven: Proven[CommitmentDraft]) -> Commitment:
        draft, link = proven.draft, self.links.actors
        pledge = self.pledges.get(proven.span)
        return Commitment(
            id=f"C{number}",
            kind=draft.kind,
            speakers=link(Section.COMMITMENTS, "speakers", draft.speakers),
            on_behalf_of=link(Section.COMMITMENTS, "on_behalf_of", draft.on_behalf_of),
            beneficiaries=link(Section.COMMITMENTS, "beneficiaries", draft.beneficiaries),
            polarity=draft.polarity,
            commitment=self.own_words.of_entry(draft.commitment),
            direct_quote=draft.direct_quote,
            condition=draft.condition,
            threat=self.threat_ids.get(pledge) if pledge else None,
            timelines=self._when(Section.COMMITMENTS, proven),
            evidence=[proven.evidence],
        )

    def _when(self, section: Section, proven: Proven[ThreatDraft] | Proven[CommitmentDraft]) -> list[str]:
        """Return the timelines of an entry: the one that the model names, else those to come that its words hold, such as a deadline."""
        named = self.links.when(section, proven.draft.when, proven.evidence)
        return named if proven.draft.when else linking.inside(proven.evidence, self.coming)

    def _timeline_drafts(self, timelines: Sequence[Proven[TimelineDraft]]) -> list[Proven[TimelineDraft]]:
        """Return the timelines without those that overlap an earlier, shorter reading of the same words."""
        #: In the order of the text, and apart from each other.
        kept: list[Proven[TimelineDraft]] = []
        for proven in sorted(timelines, key=lambda entry: (entry.evidence.end - entry.evidence.start, entry.span)):
            start, end = proven.span
            at = bisect_left(kept, start, key=lambda entry: entry.evidence.start)
            if (at < len(kept) and kept[at].evidence.start < end) or (at and kept[at - 1].evidence.end > start):
                self.refused.append(linking.duplicate(Section.TIMELINES, proven))
            else:
                kept.insert(at, proven)
        self._over_limit(Section.TIMELINES, kept[MAX_ENTRIES:])
        return kept[:MAX_ENTRIES]

    def _target_drafts(self, targets: Sequence[JudgedTarget]) -> list[JudgedTarget]:
        seen: set[object] = set()
        kept: list[JudgedTarget] = []
        for target in sorted(targets, key=lambda judged: judged.proven.span):
            mark = (actor_key(target.proven.draft.name), target.category, target.proven.draft.status)
            if mark in seen:
                self.refused.append(linking.duplicate(Section.TARGETS, target.proven))
            elif len(kept) == MAX_ENTRIES:
                self._over_limit(Section.TARGETS, [target.proven])
            else:
                kept.append(target)
            seen.add(mark)
        return kept

    def _distinct(self, entries: Sequence[Proven[Any]], section: Section) -> list[Proven[Any]]:
        kept, refused = linking.first_of_each(entries, lambda proven: proven.span, section)
        self.refused.extend(refused)
        self._over_limit(section, kept[MAX_ENTRIES:])
        return kept[:MAX_ENTRIES]

    def _over_limit(self, section: Section, entries: Sequence[Proven[Any]]) -> None:
        detail = f"A record holds at most {MAX_ENTRIES} entries of a section."
        self.refused.extend(rejection(section, RejectionReason.OVER_LIMIT, detail, proven.draft) for proven in entries)
