"""What the window sees of one person: everything masked, and no more than fits on a page."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import privacy
from insurance.models import (
    ActivationSlip,
    ContributionPeriod,
    Enrolment,
    IdentityLink,
    InsuredPerson,
    LedgerEntry,
    PersonalAccount,
    RegisterFact,
)

LAST_ENTRIES = 10
PAGE_ENTRIES = 50
# Forty years month by month would be five hundred lines; the window needs the last years.
LAST_PERIODS = 60


@dataclass(frozen=True)
class PersonAtWindow:
    """`rows` are label and masked value. The lists are newest first; `more_periods` says that older ones are left out."""

    rows: list[dict[str, Any]]
    accounts: list[PersonalAccount]
    entries: list[LedgerEntry]
    enrolments: list[Enrolment]
    periods: list[ContributionPeriod]
    more_periods: bool
    facts: list[RegisterFact]
    links: list[IdentityLink]
    slips: list["SlipLine"]


@dataclass(frozen=True)
class SlipLine:
    """`kind` is the colour of the tag: wait while it can be used, quiet when it can't any more."""

    slip: ActivationSlip
    state: Any
    kind: str


@dataclass(frozen=True)
class AccountPage:
    """Entries newest first; `older` is the sequence to go on before, None on the last page."""

    account: PersonalAccount
    entries: list[LedgerEntry]
    older: int | None


def person_at_window(person: InsuredPerson) -> PersonAtWindow:
    periods = list(
        person.contributions.select_related("area").order_by("-from_month", "-id")[
            : LAST_PERIODS + 1
        ]
    )
    return PersonAtWindow(
        rows=masked_rows(person),
        accounts=list(person.accounts.select_related("area")),
        entries=list(
            LedgerEntry.objects.filter(account__person=person)
            .select_related("account", "used_by")
            .order_by("-posted_at", "-id")[:LAST_ENTRIES]
        ),
        enrolments=list(person.enrolments.select_related("area")),
        periods=periods[:LAST_PERIODS],
        more_periods=len(periods) > LAST_PERIODS,
        facts=list(person.facts.select_related("other_area")),
        links=list(person.identity_links.all()),
        slips=[_slip_line(slip) for slip in person.slips.select_related("issued_by")],
    )


def masked_rows(person: InsuredPerson) -> list[dict[str, Any]]:
    """The year of birth is enough to see that it is the right card; the day is half a password."""
    return [
        {"label": _("姓名"), "value": privacy.mask_name(person.name)},
        {"label": _("人员编号"), "value": person.person_number},
        {"label": _("证件种类"), "value": person.get_certificate_display()},
        {
            "label": _("证件号码"),
            "value": privacy.mask_id_number_for_others(person.id_number) or "–",
        },
        {
            "label": _("登记的手机号"),
            "value": privacy.mask_phone_for_others(person.phone) or "–",
        },
        {
            "label": _("社会保障卡号"),
            "value": privacy.mask_card(person.social_security_card) or "–",
        },
        {"label": _("性别"), "value": person.get_sex_display()},
        {"label": _("出生年份"), "value": person.birth_date.year if person.birth_date else "–"},
    ]


def account_page(account: PersonalAccount, *, before: int | None = None) -> AccountPage:
    entries = LedgerEntry.objects.of(account.pk).newest_first().select_related("used_by")
    if before is not None:
        entries = entries.before(before)
    found = list(entries[: PAGE_ENTRIES + 1])
    shown = found[:PAGE_ENTRIES]
    return AccountPage(account, shown, shown[-1].sequence if len(found) > PAGE_ENTRIES else None)


def _slip_line(slip: ActivationSlip) -> SlipLine:
    if slip.used_at is not None:
        return SlipLine(slip, _("已使用"), "quiet")
    if slip.expires_at <= timezone.now():
        return SlipLine(slip, _("已失效"), "quiet")
    return SlipLine(slip, _("可以使用"), "wait")
