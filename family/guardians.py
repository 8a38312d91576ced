"""Who speaks for a child: recorded at the window from papers that a clerk has seen, and ended there."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import audit, uploads
from accounts.evidence import Prepared
from accounts.models import Upload
from accounts.privacy import mask_name
from family import orders
from family.counter import AtCounter
from family.evidence import BOOK, CERTIFICATE, GUARDIANSHIP
from family.models import Guardianship
from family.place_rules import place_rules
from family.presence import expect_neutral, is_alive
from family.records import age_on, born
from insurance import notices, policy_reading
from insurance.areas import NATION
from insurance.models import InsuredPerson
from insurance.notice_texts import TEXTS, Text

PROOFS = (BOOK, CERTIFICATE)
SELF, DEAD, GROWN, NOT_GROWN, UNKNOWN_AGE, KNOWN, INFECTED = (
    "self",
    "dead",
    "grown",
    "not_grown",
    "age",
    "known",
    "infected",
)
SENTENCES: dict[str, str | Promise] = {
    SELF: _("这是来人自己的号码，请填孩子的。"),
    DEAD: _("登记显示孩子已去世，不能登记。"),
    GROWN: _("按登记，孩子已经成年，不用监护人，可以自己来办。"),
    NOT_GROWN: _("按登记，来人还没有成年，不能做监护人。"),
    UNKNOWN_AGE: _("登记里没有孩子的出生日期，请先更正登记。"),
    KNOWN: _("这个监护关系已经登记过了。"),
    INFECTED: _("文件带病毒，已经删除，没有登记。请换一份再传。"),
}

audit.LABELS.update({"guardian.record": _("登记监护关系"), "guardian.end": _("结束监护关系")})
TEXTS.update(
    {
        "guardian.recorded": Text(
            _("医保窗口登记了监护关系"),
            _(
                "%(guardian_name)s登记为%(child_name)s的监护人，到%(until)s为止。不对的，请到医保窗口更正。"
            ),
            _("%(guardian_name)s登记为%(child_name)s的监护人。不对的，请到医保窗口更正。"),
        ),
        "guardian.ended": Text(
            _("监护关系结束了"),
            _("%(guardian_name)s不再是%(child_name)s登记的监护人，从现在起不能替孩子办家庭共济。"),
            _("%(guardian_name)s不再是%(child_name)s登记的监护人。"),
        ),
    }
)


class CannotBe(Exception):
    """`code` is a key of `SENTENCES`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def record(
    *, at: AtCounter, child: InsuredPerson, proof: str, papers: Sequence[Prepared]
) -> Guardianship:
    """`at.person` becomes the guardian until the child is of age. Raises `CannotBe`, `OwnCase`, `UploadRefused`.

    Where every paper was infected nobody becomes one, and what is on record of those files stays.
    """
    made = _record(at, child, proof, papers)
    if made is None:
        raise CannotBe(INFECTED)
    return made


@transaction.atomic
def _record(
    at: AtCounter, child: InsuredPerson, proof: str, papers: Sequence[Prepared]
) -> Guardianship | None:
    """None where no paper is left that shows it."""
    guardian, today = at.person, timezone.localdate()
    expect_neutral(at.clerk, child)
    orders.lock([guardian.pk, child.pk])
    until = _until(guardian, child, today)
    if Guardianship.objects.filter(guardian=guardian, child=child, ended_at=None).exists():
        raise CannotBe(KNOWN)
    made = Guardianship.objects.create(
        guardian=guardian, child=child, evidence=proof, until=until, recorded_by=at.clerk
    )
    stored = [
        uploads.store(
            file=file,
            kind=proof,
            subject=(GUARDIANSHIP, str(made.pk)),
            by=at.clerk,
            request=at.request,
        )
        for file in papers
    ]
    if all(one.state == Upload.State.INFECTED for one in stored):
        made.delete()
        return None
    _tell("guardian.record", "guardian.recorded", made, at)
    return made


@transaction.atomic
def end(*, at: AtCounter, guardianship_id: int) -> Guardianship:
    """By the guardian or the child, at once; a second time changes nothing. Raises `Guardianship.DoesNotExist` for others."""
    rows = Guardianship.objects.select_related("guardian", "child")
    found = rows.get(pk=guardianship_id)
    if at.person.pk not in (found.guardian_id, found.child_id):
        raise Guardianship.DoesNotExist
    orders.lock([found.guardian_id, found.child_id])
    ended = Guardianship.objects.filter(pk=found.pk, ended_at=None).update(ended_at=timezone.now())
    if ended:
        _tell("guardian.end", "guardian.ended", found, at)
    return found


def birthday(born_on: date, age: int) -> date:
    """The day on which somebody reaches an age; who was born on 29 February has it on 1 March in other years."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def _until(guardian: InsuredPerson, child: InsuredPerson, today: date) -> date:
    """The first day on which the child speaks for itself; raises `CannotBe`."""
    adult = place_rules(policy_reading.values_on(NATION, today), today).adult_age
    born_on, guardian_born = born(child), born(guardian)
    if guardian.pk == child.pk:
        raise CannotBe(SELF)
    if not is_alive(child):
        raise CannotBe(DEAD)
    if born_on is None:
        raise CannotBe(UNKNOWN_AGE)
    if age_on(born_on, today) >= adult:
        raise CannotBe(GROWN)
    if guardian_born is None or age_on(guardian_born, today) < adult:
        raise CannotBe(NOT_GROWN)
    return birthday(born_on, adult)


def _tell(action: str, kind: str, row: Guardianship, at: AtCounter) -> None:
    names = {
        "guardian_name": mask_name(row.guardian.name),
        "child_name": mask_name(row.child.name),
        "until": row.until.isoformat(),
    }
    details = {"guardianship": row.pk, "presence": at.presence.how} | dict(at.presence.seen)
    for person in (row.guardian, row.child):
        audit.record(
            actor=at.clerk,
            action=action,
            subject=person,
            reason=at.presence.grounds,
            details=details,
            request=at.request,
        )
        notices.tell(
            person=person, kind=kind, params=names, about=("family.guardianship", str(row.pk))
        )
