"""A few rules, published for three places and every day: the clock may jump anywhere, and all ways of paying stay open."""

import datetime as dt

from accounts import limits
from insurance.models import PolicySource, PolicyValue, PolicyVersion
from tests.factories.insurance import at, make_area
from tests.family.rules import PLAIN

# One place for each way in which money comes: from the account, through the wallet, out of a limit.
HERE, NEAR, FAR = "340100", "340200", "210200"
NAMES = {HERE: "合肥市", NEAR: "芜湖市", FAR: "大连市"}
VALUES = PLAIN | {
    "family_aid.money_model.same_province": "wallet_transfer",
    "family_aid.wallet_opening": "whole",
    "family_aid.wallet.max_transfers_per_day": 1_000_000,
    "family_aid.wallet.max_fen_per_transfer": 100_000,
    "family_aid.limit_live_from": "2020-01-01",
    "family_aid.cool_down_hours": 0,
    "family_aid.invitation_days": 7,
    "family_aid.guardian_below_age": 18,
    "family_aid.adult_age": 18,
}
SINCE = dt.date(2020, 1, 1)
MANY = 1_000_000_000


def publish():
    source = PolicySource.objects.create(
        code="soak", kind="notice", title="共济办法", how="read", date="2020-01-01"
    )
    for code, name in NAMES.items():
        version = PolicyVersion.objects.create(
            area=make_area(code=code, name_zh=name),
            number=1,
            status="published",
            file_digest=f"soak-{code}",
            checked_on=SINCE,
            published_at=at(2020, 1, 1),
        )
        for position, (value_name, value) in enumerate(VALUES.items()):
            row = PolicyValue.objects.create(
                version=version,
                position=position,
                name=value_name,
                value=value,
                unit="count",
                valid_from=SINCE,
                confidence="official",
                evidence="read",
                list_kind="complete",
                checked_on=SINCE,
            )
            row.citations.create(source=source, position=0)


def lift_limits():
    """How often somebody may ask in a day is no part of what is proved here."""
    for name in ("QUOTE_PATIENT", "PROPOSALS_DAY"):
        one = getattr(limits, name)
        setattr(limits, name, limits.Limit(one.name, MANY, one.seconds))
