"""The people and machines that the proof plays, made by a process of the site's own environment:

    python -m tests.proof.web.world FAMILIES PROVIDERS

Prints as JSON what a citizen, a clerk and a provider's machine know of themselves. All of it is invented. The first family has
just so much money that a bill goes through all of it; the others have plenty.
"""

import datetime as dt
import json
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from accounts.roles import Role  # noqa: E402
from claims import provider_keys  # noqa: E402
from claims.models import Provider, ProviderClerk  # noqa: E402
from family.models import Binding  # noqa: E402
from tests.factories import accounts, agreeing, claims  # noqa: E402
from tests.factories.insurance import make_area  # noqa: E402

PLENTY_FEN = 5_000_000
# What the patient, the wife, the father and the son of the first family have.
SCARCE_FEN = (12_000, 50_000, 7_000, 100_000)
WIFE_PER_BILL_FEN = 20_000


def family(balances):
    """A patient, and who pays after: a wife at most 200 yuan of a bill, a father, a son."""
    own, *theirs = balances
    patient = member("张建国", "19710812", own)
    wife, father, son = (
        member(name, born, fen)
        for (name, born), fen in zip(
            (("李梅", "19730405"), ("张守业", "19460304"), ("张小军", "19980506")),
            theirs,
            strict=True,
        )
    )
    for giver, relation, cap_fen in (
        (wife, "spouse", WIFE_PER_BILL_FEN),
        (father, "child", None),
        (son, "parent", None),
    ):
        agreeing.make_binding(
            giver=giver,
            beneficiary=patient,
            relation=relation,
            cap_bill_fen=cap_fen,
            shows_amounts=True,
        )
    return [known(one) for one in (patient, wife, father, son)]


def member(name, born, fen):
    card = f"D{next(agreeing.numbers):08d}"
    return agreeing.make_member(name=name, born=born, balance_fen=fen, social_security_card=card)


def known(person):
    return {
        "name": person.name,
        "id_number": person.id_number,
        "card": person.social_security_card,
        "password": accounts.PASSWORD,
    }


def provider():
    made = claims.make_provider(area=make_area(code=agreeing.HEFEI))
    return {"code": made.code, "key": provider_keys.issue(provider=made, by=None)[1]}


def clerk(made):
    number = accounts.make_id_number(born="19880312", sequence=8)
    user = accounts.make_staff(role=Role.PROVIDER_CLERK, name="钱收费", id_number=number)
    ProviderClerk.objects.create(user=user, provider=Provider.objects.get(code=made["code"]))
    return {
        "id_number": number,
        "password": accounts.STAFF_PASSWORD,
        "secret": accounts.make_authenticator(user).secret,
    }


def main(families: int, providers: int) -> None:
    agreeing.load_rules()
    houses = [family(SCARCE_FEN), *(family((PLENTY_FEN,) * 4) for _more in range(families))]
    machines = [provider() for _one in range(providers)]
    at_desk = clerk(machines[0])
    # What was agreed on just now can be used from now on.
    Binding.objects.update(usable_from=timezone.now() - dt.timedelta(minutes=1))
    # Below whatever messages went out meanwhile.
    sys.stdout.write(
        "\n" + json.dumps({"families": houses, "providers": machines, "clerk": at_desk})
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
