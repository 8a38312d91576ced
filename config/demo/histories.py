"""What happened to the demo people, as plain data: enrolments, contributions, facts and money.

Each builder is a function of one person and nothing else, so the world is the same on every machine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from config.demo.kinds import DAY, DemoPerson
from insurance.models.ledger import EntryKind
from insurance.periods import Month, months

SHANGHAI = ZoneInfo("Asia/Shanghai")
OWN_RATE_PERCENT = 2  # 国办发〔2021〕14号: the own contribution, in principle 2 % of the base
THIS_MONTH = Month.containing(DAY)
LAST_MONTH = THIS_MONTH + -1
LEDGER_STARTS = Month.of(2021, 1)  # earlier money stands in the opening entry


@dataclass(frozen=True)
class Stay:
    """One enrolment, defaults taken from the person."""

    starts_on: date
    ends_on: date | None = None
    area: str = ""
    person_type: str = ""
    employer: str = ""


@dataclass(frozen=True)
class Run:
    """Contribution months of one kind, both ends included; `base_fen` is per month."""

    first: Month
    last: Month
    kind: str = "actual"
    status: str = "paid"
    base_fen: int | None = None
    area: str = ""
    payer: str = ""


@dataclass(frozen=True)
class Fact:
    kind: str
    from_day: date
    to_day: date | None = None
    other_area: str = ""
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One ledger entry; `used_by` is another person's key. Amounts in fen."""

    kind: str
    amount_fen: int
    posted_at: datetime
    for_month: Month | None = None
    place: str = ""
    used_by: str = ""


@dataclass(frozen=True)
class Money:
    part: str
    steps: tuple[Step, ...]
    reserved_fen: int = 0


@dataclass(frozen=True)
class History:
    stays: tuple[Stay, ...]
    runs: tuple[Run, ...] = ()
    facts: tuple[Fact, ...] = ()
    accounts: tuple[Money, ...] = field(default=())


def at(month: Month, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(month.year, month.month, day, hour, minute, tzinfo=SHANGHAI)


def own_credit(base_fen: int) -> int:
    """2 % of the base, half a fen up."""
    return (base_fen * OWN_RATE_PERCENT + 50) // 100


def monthly(
    first: Month, last: Month, base_fen: int, *, employer_until: Month | None = None
) -> Iterator[Step]:
    """Credits on the 20th, with the employer's share up to the reform, and what was spent of them."""
    for number, month in enumerate(months(first, last)):
        yield Step(EntryKind.CREDIT_OWN, own_credit(base_fen), at(month, 20), month)
        if employer_until and month <= employer_until:
            share = base_fen * 17 // 1000
            yield Step(EntryKind.CREDIT_EMPLOYER_SHARE, share, at(month, 20, 10, 1), month)
        if number % 2:
            yield Step(
                EntryKind.SPEND_DRUG,
                -(3860 + 40 * (number % 9)),
                at(month, 23, 16, 20),
                place="药店",
            )
        if number % 3 == 2:
            yield Step(
                EntryKind.SPEND_CARE,
                -(7200 + 310 * (number % 7)),
                at(month, 25, 9, 5),
                place="医院",
            )


def opening(balance_fen: int, month: Month = LEDGER_STARTS) -> Step:
    return Step(EntryKind.OPENING, balance_fen, at(month, 1, 0))


def balance_of(steps: list[Step]) -> int:
    return sum(step.amount_fen for step in steps)


def in_service(person: DemoPerson) -> History:
    """Some years with one employer; this month is declared and not paid in yet."""
    base = person.options["base_fen"]
    first = LAST_MONTH + (1 - 12 * person.options["years"])
    if person.key == "zhang":
        first = Month.of(2008, 8)
    start = max(first, LEDGER_STARTS)
    steps = [*([opening(186_240)] if first < start else []), *monthly(start, LAST_MONTH, base)]
    reserved = 0
    if person.key == "zhang":
        steps += [
            Step(EntryKind.SPEND_AID, -8_600, at(THIS_MONTH, 6, 15), place="药店", used_by="li"),
            Step(EntryKind.SPEND_CARE, -4_350, at(THIS_MONTH, 12, 8, 40), place="社区卫生服务中心"),
        ]
        reserved = 20_000
    return History(
        stays=(Stay(first.first_day),),
        runs=(
            Run(first, LAST_MONTH, base_fen=base),
            Run(THIS_MONTH, THIS_MONTH, status="pending", base_fen=base),
        ),
        accounts=(Money("whole", tuple(steps), reserved),),
    )


RETIREE_FEN = {"110000": 10_000, "450100": 8_000, "440100": 7_600, "210200": 8_000}


def retired(person: DemoPerson) -> History:
    """A fixed amount a month; thirty years in service before."""
    began = Month.containing(person.birth_date) + 20 * 12
    left = Month.containing(person.birth_date) + (60 if person.sex == "male" else 55) * 12
    amount = RETIREE_FEN[person.area] + (1_000 if person.key == "wang" else 0)
    steps: list[Step] = [opening(423_519)]
    for number, month in enumerate(months(LEDGER_STARTS, THIS_MONTH)):
        steps.append(Step(EntryKind.CREDIT_RETIREE, amount, at(month, 5), month))
        if number % 2:
            steps.append(
                Step(
                    EntryKind.SPEND_DRUG, -(9_450 + 70 * (number % 8)), at(month, 11), place="药店"
                )
            )
        if number % 12 == 5:
            steps.append(Step(EntryKind.INTEREST, 612, at(month, 30)))
    return History(
        stays=(
            Stay(began.first_day, (left + -1).first_day, person_type="in_service"),
            Stay(left.first_day),
        ),
        runs=(
            Run(began, Month.of(1996, 12), kind="deemed"),
            Run(Month.of(1997, 1), left + -1),
        )
        if began < Month.of(1997, 1)
        else (Run(began, left + -1),),
        accounts=(Money("whole", tuple(steps)),),
    )


def flexible(person: DemoPerson) -> History:
    """Pays for himself: a gap of five months, two months in arrears, one month paid late."""
    steps = [
        Step(EntryKind.CREDIT_OWN, 9_612, at(month, 18), month)
        for month in months(Month.of(2024, 3), Month.of(2026, 8))
    ]
    # August's money came in September, with the payment.
    steps = [
        replace(s, posted_at=at(Month.of(2026, 9), 3)) if s.for_month == Month.of(2026, 8) else s
        for s in steps
    ]
    steps.append(Step(EntryKind.SPEND_CARE, -45_600, at(Month.of(2026, 9), 14), place="医院"))
    base = 480_600
    return History(
        stays=(Stay(date(2019, 6, 1)),),
        runs=(
            Run(Month.of(2019, 6), Month.of(2023, 9), base_fen=base),
            Run(Month.of(2024, 3), Month.of(2026, 7), base_fen=base),
            Run(Month.of(2026, 8), Month.of(2026, 8), kind="backpaid", base_fen=base),
            Run(Month.of(2026, 9), Month.of(2026, 10), status="unpaid", base_fen=base),
        ),
        accounts=(Money("whole", tuple(steps)),),
    )


def resident(person: DemoPerson) -> History:
    return History(
        stays=(Stay(max(date(2017, 1, 1), person.birth_date)),),
        runs=(Run(Month.of(2026, 1), Month.of(2026, 12)),),
    )


def no_account_tier(person: DemoPerson) -> History:
    return History(stays=(Stay(date(2022, 4, 1)),), runs=(Run(Month.of(2022, 4), LAST_MONTH),))


def used_up(person: DemoPerson) -> History:
    """A stay in hospital in October took all there was."""
    base = person.options["base_fen"]
    first = LAST_MONTH + (1 - 12 * person.options["years"])
    steps = list(monthly(first, LAST_MONTH, base))
    steps.append(
        Step(EntryKind.SPEND_CARE, -balance_of(steps), at(LAST_MONTH, 28, 14), place="医院")
    )
    return History(
        stays=(Stay(first.first_day),),
        runs=(Run(first, LAST_MONTH, base_fen=base),),
        accounts=(Money("whole", tuple(steps)),),
    )


def frozen(person: DemoPerson) -> History:
    return replace(
        in_service(person),
        facts=(
            Fact("account_freeze", date(2026, 9, 1), note="核查中的一笔外伤结算"),
            Fact(
                "settlement_suspension",
                date(2026, 9, 1),
                date(2027, 2, 28),
                note="暂停联网结算六个月",
            ),
        ),
    )


def moved(person: DemoPerson) -> History:
    """Gansu to Shanghai; March and April 2022 were paid in both places."""
    base = 1_120_000
    old = "620100"
    first = Month.of(2022, 3)
    steps = [
        *monthly(first, Month.of(2022, 7), base),
        Step(EntryKind.TRANSFER_IN, 618_437, at(Month.of(2022, 8), 9)),
        *monthly(Month.of(2022, 8), LAST_MONTH, base),
    ]
    return History(
        stays=(
            Stay(date(2010, 7, 1), date(2022, 4, 30), area=old, employer="兰州石化运输公司"),
            Stay(first.first_day),
        ),
        runs=(
            Run(
                Month.of(2010, 7),
                Month.of(2022, 4),
                base_fen=430_000,
                area=old,
                payer="兰州石化运输公司",
            ),
            Run(first, LAST_MONTH, base_fen=base),
        ),
        facts=(Fact("transfer_in", date(2022, 8, 9), date(2022, 8, 9), other_area=old),),
        accounts=(Money("whole", tuple(steps)),),
    )


def forty_years(person: DemoPerson) -> History:
    """Deemed months since 1986, actual ones since; the year's money moves over every January."""
    base = 760_000
    current: list[Step] = []
    prior: list[Step] = [opening(2_311_876)]
    for year in range(2021, 2027):
        last = LAST_MONTH if year == 2026 else Month.of(year, 12)
        for month in months(Month.of(year, 1), last):
            if month.month == 1 and current:
                carried = balance_of(current)
                current.append(Step(EntryKind.YEAR_CHANGE, -carried, at(month, 1, 1)))
                prior.append(Step(EntryKind.YEAR_CHANGE, carried, at(month, 1, 1)))
            current.append(Step(EntryKind.CREDIT_OWN, own_credit(base), at(month, 15), month))
            if month.month % 4 == 0:
                prior.append(Step(EntryKind.SPEND_DRUG, -21_480, at(month, 19), place="药店"))
    return History(
        stays=(Stay(date(1986, 11, 1)),),
        runs=(
            Run(Month.of(1986, 11), Month.of(1997, 6), kind="deemed"),
            Run(Month.of(1997, 7), LAST_MONTH, base_fen=base),
        ),
        accounts=(Money("current_year", tuple(current)), Money("prior_years", tuple(prior))),
    )


LARGE_LEDGER = 10_000


def ten_thousand(person: DemoPerson) -> History:
    """As many small entries as a long life with a chronic illness may bring."""
    first = Month.of(2006, 1)
    everything = list(months(first, LAST_MONTH))
    base = 1_380_000
    steps: list[Step] = [opening(120_000, first)]
    small = -(-(LARGE_LEDGER - 1 - len(everything)) // len(everything))
    for month in everything:
        steps.append(Step(EntryKind.CREDIT_OWN, own_credit(base), at(month, 1, 8), month))
        for number in range(small):
            day, hour = 2 + number % 26, 8 + number // 26
            kind, place = (
                (EntryKind.SPEND_CARE, "医院")
                if number % 5 == 0
                else (EntryKind.SPEND_DRUG, "药店")
            )
            steps.append(Step(kind, -(310 + 17 * (number % 13)), at(month, day, hour), place=place))
    steps = sorted(steps, key=lambda step: step.posted_at)[:LARGE_LEDGER]
    return History(
        stays=(Stay(first.first_day),),
        runs=(Run(first, LAST_MONTH, base_fen=base),),
        accounts=(Money("whole", tuple(steps)),),
    )


def reform(person: DemoPerson) -> History:
    """The employer's share came until December 2022, the own part since."""
    base = person.options["base_fen"]
    first = LAST_MONTH + (1 - 12 * person.options["years"])
    steps = [
        opening(254_300),
        *monthly(LEDGER_STARTS, LAST_MONTH, base, employer_until=Month.of(2022, 12)),
    ]
    return History(
        stays=(Stay(first.first_day),),
        runs=(Run(first, LAST_MONTH, base_fen=base),),
        accounts=(Money("whole", tuple(steps)),),
    )


def died(person: DemoPerson) -> History:
    alive = retired(person)
    death = date(2026, 3, 15)
    (money,) = alive.accounts
    before = tuple(step for step in money.steps if step.posted_at.date() < death)
    return replace(
        alive,
        stays=(alive.stays[0], replace(alive.stays[1], ends_on=death)),
        facts=(Fact("death", death),),
        accounts=(replace(money, steps=before),),
    )


BUILDERS: dict[str, Callable[[DemoPerson], History]] = {
    builder.__name__: builder
    for builder in (
        in_service,
        retired,
        flexible,
        resident,
        no_account_tier,
        used_up,
        frozen,
        moved,
        forty_years,
        ten_thousand,
        reform,
        died,
    )
}


def history_of(person: DemoPerson) -> History:
    return BUILDERS[person.history](person)
