"""What the initiator holds in hand after proposing: the number, who has to do what until when."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from accounts import privacy, uploads
from accounts.id_number import IdNumber
from accounts.models import Upload
from family import references, words
from family.models import Binding
from family.models.bindings import SUBJECT
from family.moves import OPEN, Side, State
from family.place_rules import place_rules
from family.records import AgeGroup, Party
from family.relations import Relation, inverse
from insurance import policy_reading
from insurance.areas import NATION

TAGS = {State.WAITING: "wait", State.WITH_STAFF: "wait", State.ACTIVE: "ok", State.PAUSED: "wait"}


@dataclass(frozen=True)
class Receipt:
    """`relative` is what the other person is to the initiator, `name` is masked. `expires_at` counts while it waits.

    `guardian_age` is the age below which a guardian has to act, None where the other person is older; `files` are the papers
    that were sent for that.
    """

    reference: str
    spoken: str
    side: Side
    name: str
    relative: str | Promise
    state: str | Promise
    tag: str
    is_waiting: bool
    is_open: bool
    proposed_at: datetime
    expires_at: datetime
    cool_down_hours: int
    guardian_age: int | None
    files: tuple[Upload, ...]

    @property
    def subject(self) -> tuple[str, str]:
        return SUBJECT, self.reference


def receipt(reference: str, *, person_id: int, today: date) -> Receipt | None:
    """Of a proposal of that person, by the number in any spelling; None for everybody else. Four queries at most."""
    kept = references.normalise(reference)
    found = Binding.objects.of(person_id).select_related("invitation").filter(reference=kept)
    binding = found.first() if kept else None
    if binding is None or binding.side_of(person_id) != binding.initiator:
        return None
    side, state = Side(binding.initiator), State(binding.state)
    relation = Relation(binding.relation)
    rules = place_rules(policy_reading.values_on(NATION, today), today)
    stranger = Party(born=IdNumber(binding.invitation.id_number).born)
    group = stranger.group_on(today, guardian_below=rules.guardian_below_age, adult=rules.adult_age)
    is_child = group is AgeGroup.CHILD
    return Receipt(
        reference=binding.reference,
        spoken=references.grouped(binding.reference),
        side=side,
        name=privacy.mask_name(binding.invitation.name),
        relative=words.RELATIONS[relation if side is Side.GIVER else inverse(relation)],
        state=words.STATES[state],
        tag=TAGS.get(state, "quiet"),
        is_waiting=state is State.WAITING,
        is_open=state in OPEN,
        proposed_at=binding.consents.get(side=side).given_at,
        expires_at=binding.invitation.expires_at,
        cool_down_hours=rules.cool_down_hours,
        guardian_age=rules.guardian_below_age if is_child else None,
        files=tuple(uploads.about(binding.subject)) if is_child else (),
    )
