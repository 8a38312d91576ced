"""A family of the demo world that is ready to look at: made through the verbs of the pages and of the window."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from accounts import evidence
from accounts.models import User
from accounts.models.identifiers import IdentifierKind
from accounts.roles import Role
from config.demo.kinds import DemoPerson
from config.demo.people import PEOPLE
from family import bindings, counter, guardians
from family.acting import Pressed
from family.bindings import Proposal
from family.evidence import BOOK
from family.models import Binding, Channel, Guardianship, Invitation
from family.moves import Side
from family.place_rules import MissingRule, place_rules
from family.presence import IDENTITY_CHECK, Presence
from family.relations import Relation
from insurance import policy_reading
from insurance.areas import NATION
from insurance.models import InsuredPerson

GUARDIAN, CHILD = "su", "duoduo"
WINDOW = "郑窗"
# An empty page: nobody's household book is in the demo.
PAGE = (600, 400)


@dataclass(frozen=True)
class Tie:
    """`giver` and `beneficiary` are keys of people, the giver proposes; `answered_by` is who says yes, "" leaves it waiting.

    `relation` is what the beneficiary is to the giver; the cap is fen a month.
    """

    giver: str
    beneficiary: str
    relation: Relation
    answered_by: str = ""
    cap_month_fen: int | None = None


# In the order in which the payers stand.
TIES = (
    Tie("fang", "su", Relation.SPOUSE, answered_by="su", cap_month_fen=50_000),
    Tie("sufu", "su", Relation.CHILD, answered_by="su"),
    Tie("fang", CHILD, Relation.CHILD, answered_by=GUARDIAN, cap_month_fen=30_000),
    Tie("sufu", CHILD, Relation.MATERNAL_GRANDCHILD, cap_month_fen=20_000),
    Tie("fang", "luo", Relation.PARENT),
)


def add(*, tell: Callable[[str], object]) -> int:
    """What isn't there yet, one transaction each; how many. Nothing before the rules are published."""
    today = timezone.localdate()
    try:
        place_rules(policy_reading.values_on(NATION, today), today)
    except MissingRule:
        return 0
    added = 0
    for name, step in _steps():
        if step():
            tell(f"  {name}")
            added += 1
    return added


def _steps() -> Iterator[tuple[str, Callable[[], bool]]]:
    yield f"{GUARDIAN} + {CHILD}", _add_guardian
    for tie in TIES:
        yield f"{tie.giver} > {tie.beneficiary}", partial(_add_tie, tie)


def _person(key: str) -> InsuredPerson:
    return InsuredPerson.objects.get(person_number=f"DEMO-{key.upper()}")


def _demo(key: str) -> DemoPerson:
    return next(one for one in PEOPLE if one.key == key)


@transaction.atomic
def _add_guardian() -> bool:
    """By the clerk of the window, who has seen the mother and the book."""
    guardian, child = _person(GUARDIAN), _person(CHILD)
    if Guardianship.objects.filter(guardian=guardian, child=child).exists():
        return False
    # Names lie there encrypted, so the few of them are read.
    clerks = User.objects.filter(role=Role.WINDOW_CLERK)
    clerk = next(one for one in clerks if one.name == WINDOW)
    presence = Presence(how=IDENTITY_CHECK, grounds="示范：监护人带户口簿来登记")
    at = counter.serve(person=guardian, presence=presence, by=clerk)
    page = io.BytesIO()
    Image.new("RGB", PAGE, "white").save(page, "JPEG")
    paper = SimpleUploadedFile("page.jpg", page.getvalue(), content_type="image/jpeg")
    guardians.record(at=at, child=child, proof=BOOK, papers=[evidence.prepare(paper)])
    return True


def _add_tie(tie: Tie) -> bool:
    giver, beneficiary = _person(tie.giver), _person(tie.beneficiary)
    asked = Invitation.objects.for_value(IdentifierKind.ID_NUMBER, beneficiary.id_number)
    if asked.filter(binding__giver=giver).exists():
        return False
    made = bindings.propose(
        initiator=giver,
        side=Side.GIVER,
        proposal=_proposal(tie, beneficiary),
        signed_name=giver.name,
        **_pressed(giver),
    )
    if tie.answered_by:
        _answer(tie, made, beneficiary)
    return True


def _answer(tie: Tie, made: Binding, beneficiary: InsuredPerson) -> None:
    speaker = _person(tie.answered_by)
    guardian = speaker if speaker != beneficiary else None
    bindings.confirm(
        binding_id=made.pk,
        person=beneficiary,
        signed_name=speaker.name,
        **_pressed(speaker, guardian=guardian),
    )
    # In the demo the hours after the second yes are over, so that a bill can be settled at once.
    Binding.objects.filter(pk=made.pk).update(usable_from=timezone.now())


def _proposal(tie: Tie, beneficiary: InsuredPerson) -> Proposal:
    said = _demo(tie.beneficiary)
    return Proposal(
        relation=tie.relation,
        name=beneficiary.name,
        id_number=beneficiary.id_number,
        said_scheme=said.scheme,
        said_area=said.area,
        uses=("CARE", "DRUG"),
        cap_month_fen=tie.cap_month_fen,
        from_day=timezone.localdate(),
    )


def _pressed(person: InsuredPerson, *, guardian: InsuredPerson | None = None) -> Pressed:
    link = person.identity_links.select_related("user").get(ended_at=None)
    return Pressed(by=link.user, channel=Channel.WEB, guardian=guardian)
