"""What a clerk does at the window for somebody who is there: the verbs of the web, with who was there and how that is known.

Nothing here writes past those verbs: the history, the notices and the visitors' book of the person come with them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import audit, privacy
from accounts.evidence import Prepared
from accounts.models import Upload, User
from family import adding, bindings, changing, evidence, grants, orders
from family.acting import Pressed
from family.adding import Answers
from family.changing import Terms
from family.models import (
    Binding,
    Channel,
    Evidence,
    Grant,
    GrantKind,
    Guardianship,
    OrderVersion,
)
from family.moves import Move, Side
from family.presence import OwnCase, Presence, expect_neutral
from insurance.models import InsuredPerson

Papers = Mapping[str, Sequence[Prepared]]
NO_PAPERS: Papers = {}
# Who speaks for oneself needs no more than a word for these.
PLAIN: dict[Move, Callable[..., Binding]] = {
    Move.DECLINE: bindings.decline,
    Move.WITHDRAW: bindings.withdraw,
    Move.PAUSE: changing.pause,
    Move.RESUME: changing.resume,
    Move.END: changing.end,
    Move.UNDO: changing.undo,
}

audit.LABELS.update(
    {
        "counter.look": _("窗口打开您的家庭共济"),
        "counter.decide": _("窗口核对您的家庭共济"),
    }
)


class FirstClerk(OwnCase):
    """Four eyes: who keyed a case in, or recorded the guardian it rests on, doesn't decide it."""


@dataclass(frozen=True, kw_only=True)
class AtCounter:
    """Whose matter, who was there and how that is known, who serves. Made by `serve`."""

    person: InsuredPerson
    presence: Presence
    clerk: User
    request: HttpRequest | None = None

    @property
    def signer(self) -> InsuredPerson:
        """Who signs the letter."""
        return self.presence.guardian or self.person

    @property
    def pressed(self) -> Pressed:
        return Pressed(
            by=self.clerk,
            channel=Channel.COUNTER,
            request=self.request,
            presence=self.presence.how,
            seen=self.presence.seen,
            grounds=self.presence.grounds,
            guardian=self.presence.guardian,
        )


def serve(
    *, person: InsuredPerson, presence: Presence, by: User, request: HttpRequest | None = None
) -> AtCounter:
    """Raises `OwnCase`: nobody serves themselves or their family."""
    expect_neutral(by, *filter(None, (person, presence.guardian)))
    return AtCounter(person=person, presence=presence, clerk=by, request=request)


def propose(
    *, at: AtCounter, answers: Answers, signed_name: str, proof: str, papers: Papers = NO_PAPERS
) -> Binding:
    """As `bindings.propose`; `proof` is what the person brought. The papers are kept with the case."""
    proposal = adding.proposal_of(at.person, answers, evidence=Evidence(proof))
    made = bindings.propose(
        initiator=at.person,
        side=Side(answers.side),
        proposal=proposal,
        signed_name=signed_name,
        **at.pressed,
    )
    add_papers(at=at, binding=made, papers=papers)
    return made


def confirm(
    *,
    at: AtCounter,
    binding_id: int,
    signed_name: str,
    shows_amounts: bool | None,
    limit_fen: int | None,
    version: int,
    papers: Papers = NO_PAPERS,
) -> Binding:
    """As `bindings.confirm`, and the papers are kept with the case; raises `UploadRefused` where they don't fit. Both or none."""
    with transaction.atomic():
        try:
            made = bindings.confirm(
                binding_id=binding_id,
                person=at.person,
                signed_name=signed_name,
                shows_amounts=shows_amounts,
                limit_fen=limit_fen,
                version=version,
                **at.pressed,
            )
        except bindings.NotPossible as found:
            # Raised behind the transaction: the notice to the initiator has to outlive it.
            refused = found
        else:
            add_papers(at=at, binding=made, papers=papers)
            return made
    raise refused


def move(*, at: AtCounter, move: Move, binding_id: int, version: int) -> Binding:
    """One of `PLAIN`, as its verb has it."""
    return PLAIN[move](binding_id=binding_id, person=at.person, version=version, **at.pressed)


def pause_all(*, at: AtCounter) -> int:
    return changing.pause_all(person=at.person, **at.pressed)


def change(*, at: AtCounter, binding_id: int, terms: Terms, version: int) -> Binding:
    return changing.change(
        binding_id=binding_id, person=at.person, terms=terms, version=version, **at.pressed
    )


def reorder(*, at: AtCounter, binding_ids: Sequence[int], expected_version: int) -> OrderVersion:
    """As `orders.reorder`, which writes into the person's own book."""
    return orders.reorder(
        person=at.person,
        binding_ids=binding_ids,
        expected_version=expected_version,
        **at.pressed,
    )


def grant(
    *, at: AtCounter, helper: InsuredPerson, kind: GrantKind, from_day: date, to_day: date | None
) -> Grant:
    return grants.grant(
        owner=at.person, helper=helper, kind=kind, from_day=from_day, to_day=to_day, **at.pressed
    )


def revoke(*, at: AtCounter, grant_id: int) -> Grant:
    return grants.revoke(grant_id=grant_id, person=at.person, **at.pressed)


def add_papers(*, at: AtCounter, binding: Binding, papers: Papers) -> list[Upload]:
    """Of the person's side; raises `UploadRefused` where no more fit. One that was infected is told by its state."""
    return [
        evidence.store(
            binding=binding,
            side=evidence.side_at_window(binding, at.person),
            kind=kind,
            file=file,
            by=at.clerk,
            request=at.request,
        )
        for kind, files in papers.items()
        for file in files
    ]


@transaction.atomic
def approve(
    *,
    binding: Binding,
    basis: str,
    grounds: str,
    by: User,
    version: int,
    money_model: str = "",
    request: HttpRequest | None = None,
) -> Binding:
    """A second clerk says yes. Raises `OwnCase`, `FirstClerk`, and what `bindings.approve` raises."""
    expect_second(binding, by)
    made = bindings.approve(
        binding_id=binding.pk,
        reason=basis,
        by=by,
        money_model=money_model,
        version=version,
        request=request,
    )
    _write_into_own_books(made, "approve", grounds, by, request)
    return made


@transaction.atomic
def refuse(
    *,
    binding: Binding,
    basis: str,
    clause: str,
    sentence: str,
    by: User,
    version: int,
    request: HttpRequest | None = None,
) -> Binding:
    """A second clerk says no, in a plain sentence and by a clause that both sides read. Raises as `approve`."""
    expect_second(binding, by)
    made = bindings.refuse(
        binding_id=binding.pk,
        reason=basis,
        by=by,
        sentence=_fit_to_tell(sentence),
        clause=_fit_to_tell(clause),
        version=version,
        request=request,
    )
    _write_into_own_books(made, "refuse", sentence, by, request)
    return made


def expect_second(binding: Binding, by: User) -> None:
    """Raises `OwnCase` for the clerk's own family, `FirstClerk` for whoever had a hand in the case."""
    parties = list(filter(None, (binding.giver, binding.beneficiary)))
    expect_neutral(by, *parties)
    recorded = Guardianship.objects.filter(child__in=parties, ended_at=None, recorded_by=by)
    if binding.events.filter(acted_by=by).exists() or recorded.exists():
        raise FirstClerk


def _fit_to_tell(text: str) -> str:
    return privacy.mask_numbers(privacy.one_line(text))


def _write_into_own_books(
    binding: Binding, verdict: str, grounds: str, by: User, request: HttpRequest | None
) -> None:
    details: dict[str, Any] = {"binding": binding.reference, "verdict": verdict}
    for party in filter(None, (binding.giver, binding.beneficiary)):
        audit.record(
            actor=by,
            action="counter.decide",
            subject=party,
            reason=grounds,
            details=details,
            request=request,
        )
