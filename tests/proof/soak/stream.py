"""What a worker asks for, operation by operation: the same for the same seed, worker and number. Pure.

Each operation is drawn by itself, so that whoever was killed goes on where it was, and a seed is played again from any place.
"""

from dataclasses import dataclass
from random import Random

# Out of a hundred, where there are no batches.
SHARES = {
    "settle": 34,
    "quote_settle": 8,
    "hold": 9,
    "post": 4,
    "void": 2,
    "refund": 10,
    "credit": 12,
    "wallet": 3,
    "wallet_back": 1,
    "reorder": 4,
    "pause": 3,
    "resume": 3,
    "cap": 3,
    "end": 1,
    "bind": 1,
    "expire": 1,
    "deliver": 1,
}
# A provider that is busy sends what waits in its queue.
BATCHES = {"batch": 20}
JOBS = ("expire", "deliver", "seal")
LOOK_BACK = 30
# Verbs that come back to what an earlier one of the same worker made.
ABOUT = {"post": ("hold",), "void": ("hold",), "refund": ("settle", "quote_settle")}
MOST_FEN = 12_000
CAPS = (None, 500, 3_000, 20_000)
USES = ("CARE", "CARE", "CARE", "DRUG")
HOLD_SECONDS = (1, 60, 3_600, 86_400)


@dataclass(frozen=True)
class Sizes:
    """How many there are of what operations choose from; `bills` in a batch, 0 without batches."""

    patients: int
    accounts: int
    pairs: int
    providers: int
    bills: int = 0

    @property
    def shares(self):
        return SHARES | (BATCHES if self.bills else {})


@dataclass(frozen=True)
class Operation:
    """`key` is its idempotency key, bill number and source. `about` is the key of an earlier operation, "" for none."""

    number: int
    verb: str
    key: str
    provider: int
    patient: int
    account: int
    pair: int
    amount_fen: int
    use: str
    about: str
    choice: int


def operation(seed, worker, number, sizes):
    draw = Random(f"{seed}/{worker}/{number}")
    shares = sizes.shares
    (verb,) = draw.choices(list(shares), list(shares.values()))
    return Operation(
        number=number,
        verb=verb,
        key=key_of(seed, worker, number),
        # A worker stands at one provider, as a machine does: what it comes back to is that provider's.
        provider=worker % sizes.providers,
        patient=draw.randrange(sizes.patients),
        account=draw.randrange(sizes.accounts),
        pair=draw.randrange(sizes.pairs),
        amount_fen=draw.randint(1, MOST_FEN),
        use=draw.choice(USES),
        about=_about(verb, seed, worker, number, sizes),
        choice=draw.randrange(1_000_000),
    )


def key_of(seed, worker, number):
    return f"soak-{seed}-{worker}-{number}"


def _about(verb, seed, worker, number, sizes):
    wanted = ABOUT.get(verb)
    if not wanted:
        return ""
    shares = sizes.shares
    draw = Random(f"{seed}/{worker}/{number}/about")
    earlier = []
    for one in range(max(0, number - LOOK_BACK), number):
        (other,) = Random(f"{seed}/{worker}/{one}").choices(list(shares), list(shares.values()))
        if other in wanted:
            earlier.append(one)
    return key_of(seed, worker, draw.choice(earlier)) if earlier else ""
