"""A few families whose accounts everybody wants: one grandfather gives to all, couples give to each other.

Bindings come about by the verbs people use, so that consents, events and orders are the real ones.
"""

import datetime as dt
from dataclasses import asdict, dataclass

from claims import provider_keys
from claims.models import Provider, ProviderKey
from family.models import Binding
from insurance.models import InsuredPerson, PersonalAccount
from tests.factories import agreeing
from tests.factories.claims import make_provider
from tests.factories.insurance import make_account, make_area
from tests.proof.soak import rules
from tests.proof.soak.rules import FAR, HERE, NEAR
from tests.proof.soak.stream import Sizes

OWN_FEN, HOT_FEN, LIMIT_FEN = 30_000, 2_000_000, 400_000
KINDS = ("institution", "pharmacy")


@dataclass(frozen=True)
class Pair:
    """Somebody who gives to somebody; which binding that is may change in a run."""

    giver: int
    beneficiary: int
    relation: str
    limit_fen: int | None = None


@dataclass(frozen=True)
class World:
    """Keys of rows, as they were when a run began."""

    patients: tuple[int, ...]
    accounts: tuple[int, ...]
    pairs: tuple[Pair, ...]
    providers: tuple[int, ...]
    provider_keys: tuple[int, ...]

    def sizes(self, *, bills=0):
        return Sizes(
            patients=len(self.patients),
            accounts=len(self.accounts),
            pairs=len(self.pairs),
            providers=len(self.providers),
            bills=bills,
        )

    def to_json(self):
        return asdict(self)

    @classmethod
    def from_json(cls, told):
        pairs = tuple(Pair(**one) for one in told["pairs"])
        rest = {name: tuple(one) for name, one in told.items() if name != "pairs"}
        return cls(pairs=pairs, **rest)


def build(*, families):
    rules.publish()
    grandfather = agreeing.make_member(name="张老爷子", born="19450101", balance_fen=HOT_FEN)
    aunt = agreeing.make_member(name="张大姑", born="19480202", area=FAR, balance_fen=HOT_FEN)
    uncle = agreeing.make_member(name="张小叔", born="19520303", area=NEAR, balance_fen=HOT_FEN)
    patients, pairs = [], []
    for _family in range(families):
        him = agreeing.make_member(name="张建国", born="19710812", balance_fen=OWN_FEN)
        her = agreeing.make_member(name="李梅", born="19730405", balance_fen=OWN_FEN)
        patients += [him.pk, her.pk]
        pairs += [
            Pair(grandfather.pk, him.pk, "child"),
            Pair(aunt.pk, him.pk, "child", LIMIT_FEN),
            Pair(her.pk, him.pk, "spouse"),
            Pair(him.pk, her.pk, "spouse"),
            Pair(uncle.pk, her.pk, "child"),
        ]
        make_account(person=her, area=make_area(code=HERE), part="wallet")
    for pair in pairs:
        bind(pair)
    providers = [make_provider(kind=kind) for kind in KINDS]
    keys = [provider_keys.issue(provider=one, by=None)[0] for one in providers]
    # The key of a machine is renewed each year; nobody does so in an hour that lasts three.
    ProviderKey.objects.update(expires_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    return World(
        patients=tuple(patients),
        accounts=tuple(PersonalAccount.objects.order_by("pk").values_list("pk", flat=True)),
        pairs=tuple(pairs),
        providers=tuple(one.pk for one in providers),
        provider_keys=tuple(one.pk for one in keys),
    )


def bind(pair):
    """Proposed by the giver and confirmed by the other, both with their own logins."""
    giver = InsuredPerson.objects.get(pk=pair.giver)
    beneficiary = InsuredPerson.objects.get(pk=pair.beneficiary)
    proposed = agreeing.propose(
        giver,
        beneficiary,
        relation=pair.relation,
        from_day=dt.date(2026, 11, 1),
        limit_fen=pair.limit_fen,
    )
    return agreeing.confirm(proposed, beneficiary)


def live_binding(pair):
    """The one between the two now, or None."""
    found = Binding.objects.live().filter(giver=pair.giver, beneficiary=pair.beneficiary)
    return found.order_by("pk").last()


def providers_of(world):
    rows = Provider.objects.in_bulk(world.providers)
    return [rows[pk] for pk in world.providers]
