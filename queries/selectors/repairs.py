"""What may be done about months that do not count: by whom, and by which rule. Nothing is promised: a counter confirms."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from insurance import policy_days
from insurance.periods import Month
from insurance.policy_values import Policy
from insurance.rules.evidence import Reading, read
from insurance.templatetags.insurance_format import years
from queries.selectors.contributions import Contributions, Mark, Record, Run

BACKPAY, WAITING = "gap.backpay_months", "gap.waiting_max_months"
FLEXIBLE = "contribution_years.flexible_back_payment_counts"


@dataclass(frozen=True)
class Repair:
    """`stretch` is the whole interruption in months, of which the run may be a part. `source` names the documents."""

    run: Run
    stretch: int
    text: str
    who: str
    source: str


def repairs(found: Contributions, policy: Policy) -> tuple[Repair, ...]:
    """One for each gap, in their order. `policy` holds every day of the place where the person is insured."""
    return tuple(_repair(run, found, policy) for run in found.gaps)


def _repair(run: Run, found: Contributions, policy: Policy) -> Repair:
    stretch = _stretch(run, found.gap_runs)
    if run.mark != Mark.GAP:
        text, who = _recorded(run, found.records)
        return Repair(run, stretch, text, who, "")
    readings = _rules(run, policy)
    return Repair(
        run, stretch, _interrupted(stretch, *readings), _where(run), _named(readings, stretch)
    )


def _stretch(run: Run, runs: Sequence[tuple[Month, Month]]) -> int:
    return next((last - first + 1 for first, last in runs if first <= run.first <= last), run.count)


def _recorded(run: Run, records: Sequence[Record]) -> tuple[str, str]:
    """Text and who, for months of which there is a record."""
    if run.mark == Mark.UNPAID:
        payer = next(
            (one.payer for one in records if one.first <= run.first <= one.last and one.payer), ""
        )
        who = payer or _("这几个月该缴费的人；自己缴费的，就是您自己")
        return _("报了但没有缴。补缴以前不算，补缴以后怎样算由窗口认定。"), who
    if run.mark == Mark.PENDING:
        return _("正在办理，办完才知道算不算。"), _("医保窗口")
    if run.mark == Mark.REFUNDED:
        return _("费已经退了，所以不算。"), _("想恢复的，您自己到医保窗口问")
    return (
        _("居民医保的月份一般不算职工医保年限，有的地方可以折算。"),
        _("您自己到医保窗口问能不能折算"),
    )


def _rules(run: Run, policy: Policy) -> tuple[Reading, Reading, Reading]:
    """Those of the month in which insurance went on."""
    day = (run.last + 1).first_day
    then = policy_days.on(policy, day)
    backpay, waiting, flexible = (
        read(then.get(name), day) for name in (BACKPAY, WAITING, FLEXIBLE)
    )
    return backpay, waiting, flexible


def _interrupted(stretch: int, backpay: Reading, waiting: Reading, flexible: Reading) -> str:
    limit = backpay.settled if backpay.is_decided else None
    if limit is None:
        text = _("断了%(months)s。续上那时能不能补缴，没有查到规定。") % {"months": years(stretch)}
    elif stretch <= limit:
        text = _("断了%(months)s，不超过%(limit)s：续上的时候可以补缴，补了没有等待期。") % {
            "months": years(stretch),
            "limit": years(limit),
        }
    else:
        text = _("断了%(months)s，超过%(limit)s：能不能补缴由当地定。") % {
            "months": years(stretch),
            "limit": years(limit),
        }
        if waiting.is_decided and waiting.settled is not None:
            text += _("续上以后，待遇最多等%(months)s。") % {"months": years(waiting.settled)}
    if flexible.is_decided and flexible.settled is False:
        text += _("灵活就业人员不能补缴以前的月份来加年限。")
    return text


def _where(run: Run) -> str:
    place = _("、").join(run.after)
    if not place:
        return _("您自己到续上医保的地方办；有单位的，请单位办")
    return _("您自己到%(place)s的医保窗口办；那时有单位的，请单位办") % {"place": place}


def _named(readings: tuple[Reading, Reading, Reading], stretch: int) -> str:
    """Titles of the documents that the text rests on."""
    backpay, waiting, flexible = readings
    used = [one for one in (backpay,) if one.is_decided]
    if backpay.settled is not None and stretch > backpay.settled and waiting.is_decided:
        used.append(waiting)
    if flexible.is_decided and flexible.settled is False:
        used.append(flexible)
    titles = dict.fromkeys(cited.citation.source.title for one in used for cited in one.sources)
    return "".join(_("《%(title)s》") % {"title": title} for title in titles)
