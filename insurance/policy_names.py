"""The catalogue: every name a policy value may have, with its unit and what may stand in it.

Pure. Chinese labels are in `policy_labels.py`. A name not listed here is refused by the loader.
"""

from collections.abc import Iterable
from dataclasses import dataclass

# Who may say it. NATIONAL: the nation alone. LOCAL: each listed area answers it, itself or through its province, by a
# value or an explicit blank, so that blanks show as blanks. ANYWHERE: any level may speak, silence is no blank.
NATIONAL, LOCAL, ANYWHERE = "national", "local", "anywhere"

# Case codes of withdrawal, in the order in which pages list them.
CASES = (
    "DEATH",
    "GIVE_UP",
    "PENSION_CLEARED",
    "SETTLE_ABROAD",
    "HMT_LEAVES",
    "FOREIGNER_LEAVES",
    "MOVE_IN_PROVINCE",
    "MOVE_PROVINCE_NOT_ACCEPTED",
    "REMOTE_RESIDENCE",
    "SERIOUS_ILLNESS",
    "EMERGENCY",
    "RETIREMENT",
    "BALANCE_UNUSED",
    "PRE_2022_BJ",
    "PENSION_ACCOUNT",
)
USES = (
    "CARE",
    "DRUG",
    "RESIDENT_PREMIUM",
    "LTC_PREMIUM",
    "SUPPLEMENT_PREMIUM",
    "TREATMENT_DENTISTRY",
    "BEAUTY_DENTISTRY",
    "HEALTH_FOOD",
    "FITNESS",
    "PUBLIC_HEALTH",
    "CASH",
    "YEARS_BACKPAY",
)
RELATIVES = (
    "spouse",
    "child",
    "parent",
    "sibling",
    "paternal_grandparent",
    "maternal_grandparent",
    "paternal_grandchild",
    "maternal_grandchild",
)
PERSONS = ("self", "relative")
APPLICANTS = ("self", "heir", "agent")
MATERIALS = (
    "E_VOUCHER",
    "ID_DOCUMENT",
    "SOCIAL_SECURITY_CARD",
    "CERTIFICATE",
    "HEIR_ID",
    "HEIR_BANK_ACCOUNT",
    "OWN_BANK_ACCOUNT",
    "COMMITMENT_LETTER",
    "GIVE_UP_STATEMENT",
    "PENSION_DETERMINATION_FORM",
    "WRITTEN_REQUEST",
    "TRANSFER_FAILURE_PROOF",
    "PASSPORT_OR_RESIDENCE_PROOF",
    "DEATH_CERTIFICATE",
    "KINSHIP_CERTIFICATE",
    "LEAVING_EMPLOYMENT_PROOF",
    "PASSPORT_VISA_PAGE",
    "EMIGRATION_PROOF",
    "HOSPITAL_PROOF",
    "EXPENSE_LIST",
    "ACCOUNT_WITHDRAWAL_FORM",
    "SIGNATURE_ON_COMMITMENT_LETTER",
)
MATERIAL_CONDITIONS = ("DEATH_NOT_SHOWN_BY_SHARED_DATA",)
PAY_TO = ("BANK_ACCOUNT", "CASH", "CHEQUE")
CHANNELS = ("COUNTER", "ONLINE", "BANK")
EFFECTS = (
    "RELATION_ENDED",
    "ACCOUNT_CLOSED",
    "AID_ENDED",
    "PAID_TO_HEIRS",
    "ACCOUNT_KEPT",
    "USABLE_ACROSS_CITIES",
)


@dataclass(frozen=True)
class Name:
    """`unit` decides the type (see `policy_units`); `options` are the identifiers allowed in a choice or list.

    `shape` names the checker of a record. `or_else` is another name whose value answers this one too.
    """

    name: str
    unit: str
    scope: str = ANYWHERE
    options: tuple[str, ...] = ()
    shape: str = ""
    or_else: str = ""


def _yes_or_no(scope: str, *names: str) -> Iterable[Name]:
    return (Name(name, "flag", scope) for name in names)


def _numbers(unit: str, scope: str, *names: str) -> Iterable[Name]:
    return (Name(name, unit, scope) for name in names)


def _choice(name: str, *options: str, scope: str = ANYWHERE) -> Name:
    return Name(name, "choice", scope, options)


def _list(name: str, options: tuple[str, ...], scope: str = ANYWHERE) -> Name:
    return Name(name, "list", scope, options)


def _record(name: str, shape: str, scope: str = ANYWHERE) -> Name:
    return Name(name, "record", scope, shape=shape)


_years = "contribution_years."
CONTRIBUTION_YEARS = (
    *_numbers("months", LOCAL, _years + "needed_months.male", _years + "needed_months.female"),
    *_numbers(
        "months", LOCAL, _years + "needed_actual_months", _years + "needed_local_actual_months"
    ),
    *_yes_or_no(LOCAL, _years + "must_be_insured_at_retirement"),
    *_numbers("months", ANYWHERE, _years + "continuous_alternative_months"),
    # Whether exactly the number is enough; a place that says "over 15 years" leaves it unsettled.
    _choice(_years + "boundary", "at_least", "unsettled"),
    _record(_years + "deemed_rule", "deemed_rule", LOCAL),
    *_yes_or_no(LOCAL, _years + "military_counts_as_actual"),
    *_yes_or_no(LOCAL, _years + "flexible_back_payment_counts"),
    *_yes_or_no(
        ANYWHERE,
        _years + "resident_months_count",
        _years + "unemployment_fund_counts",
        _years + "months_paid_twice_count_once",
        _years + "tied_to_pension",
    ),
    *_yes_or_no(NATIONAL, _years + "may_pay_on", _years + "adds_up_across_areas"),
    _list(
        _years + "benefit_place_order",
        ("LAST_PLACE", "EARLIER_PLACE_QUALIFIED", "MOST_ACTUAL_OR_HOUSEHOLD"),
    ),
    _list(
        _years + "shortfall_options",
        ("LUMP_SUM", "MONTHLY", "OWN_ACCOUNT_MONEY", "RESIDENT_THEN_LATER"),
        LOCAL,
    ),
    _choice(_years + "shortfall_base", "city_average_wage_year_before_last", scope=LOCAL),
    _choice(_years + "shortfall_rate", "employer_rate", scope=LOCAL),
    # A month's amount of the base named above; a new one every year.
    *_numbers("fen", LOCAL, _years + "shortfall_base_fen"),
    *_yes_or_no(ANYWHERE, _years + "shortfall_monthly_credited"),
    _choice(_years + "shortfall_monthly_benefit", "in_service", "retired"),
)
RETIREMENT = (
    *(_record(f"retirement.formula.{kind}", "formula", NATIONAL) for kind in ("m60", "f55", "f50")),
    *_numbers(
        "months",
        NATIONAL,
        "retirement.early_max_months",
        "retirement.late_max_months",
        "retirement.pension_min_months",
    ),
    *_yes_or_no(
        NATIONAL,
        "retirement.early_not_below_original_age",
        "retirement.early_needs_pension_minimum",
        "retirement.late_needs_employer_agreement",
    ),
)
RATES = (
    *_numbers("ratio", ANYWHERE, "rates.own"),
    *_numbers("fen", ANYWHERE, "rates.own_fixed_fen"),
    *_numbers("ratio", LOCAL, "rates.employer"),
    _list("rates.employer_includes", ("MATERNITY", "LARGE_AMOUNT_FUND")),
    Name("rates.flexible", "ratio", LOCAL, or_else="rates.flexible_fixed_fen"),
    *_numbers("fen", ANYWHERE, "rates.flexible_fixed_fen"),
    *_numbers(
        "ratio",
        ANYWHERE,
        "rates.flexible_large_amount_part",
        "rates.tier2.own",
        "rates.tier2.employer",
    ),
    *_numbers("fen", LOCAL, "rates.base_floor_fen", "rates.base_ceiling_fen"),
    *_numbers("ratio", ANYWHERE, "rates.late_fee_per_day"),
)
_INTEREST = ("demand_rate", "fixed_3_month_rate", "instalment_3_year_rate")
ACCOUNT = (
    _list("account.schemes_without", ("employee", "resident"), NATIONAL),
    _list(
        "account.categories_without",
        ("TIER_2", "RED_ARMY_VETERAN", "RETIRED_CADRE", "DISABLED_VETERAN_1_TO_6"),
        LOCAL,
    ),
    _choice("account.split", "one", "current_and_prior_years", scope=LOCAL),
    _record("account.benefit_year", "year_span", LOCAL),
    *_yes_or_no(NATIONAL, "account.carries_over", "account.inheritable"),
    _choice("account.interest.current_year", *_INTEREST, scope=NATIONAL),
    _choice("account.interest.carried_over", *_INTEREST, scope=NATIONAL),
    _choice("account.interest.fund_floor", *_INTEREST, scope=NATIONAL),
)
ACCOUNT_CREDIT = (
    *_numbers("ratio", ANYWHERE, "account_credit.in_service_rate"),
    *_yes_or_no(NATIONAL, "account_credit.employer_share_credited"),
    *_numbers("ratio", NATIONAL, "account_credit.employer_share_before_reform"),
    *_numbers("date", LOCAL, "account_credit.reform_from"),
    _choice(
        "account_credit.retiree_basis",
        "fixed_amount",
        "share_of_own_pension",
        "share_of_local_wage",
    ),
    *_numbers("ratio", NATIONAL, "account_credit.retiree_target_ratio"),
    _record("account_credit.retiree_fen", "age_bands", LOCAL),
    _choice(
        "account_credit.posting_rule",
        "monthly",
        "annual",
        "standard_before_benefit_year",
        scope=LOCAL,
    ),
    *_numbers("months", ANYWHERE, "account_credit.posting_lag_months"),
    _choice("account_credit.usable_from", "next_month", "next_month_15th", scope=LOCAL),
    *_yes_or_no(
        ANYWHERE, "account_credit.usable_while_waiting", "account_credit.stops_after_idle_years"
    ),
)
BENEFIT = (
    *_numbers("months", LOCAL, "benefit.waiting_months.flexible"),
    *_numbers("months", ANYWHERE, "benefit.waiting_waived_within_months"),
    _choice("benefit.retiree_from", "month_of_first_pension"),
    *_numbers("months", ANYWHERE, "gap.backpay_months", "gap.waiting_max_months"),
    *_yes_or_no(ANYWHERE, "gap.old_place_covers_next_month"),
)
TRANSFER = (
    _choice("transfer.certificate", "immediate"),
    *_numbers(
        "working_days",
        ANYWHERE,
        "transfer.out_working_days",
        "transfer.in_working_days",
        "transfer.total_working_days",
        "manual_reimbursement.working_days",
        "manual_reimbursement.max_working_days",
    ),
    _list("transfer.not_for", ("RETIRED", "RESIGNED_WITH_ALLOWANCE")),
)
_MONEY_MODELS = ("none", "direct_debit", "wallet_transfer", "limit")
_SCHEMES = ("employee", "resident")
FAMILY_AID = (
    _list("family_aid.relatives", RELATIVES),
    *_yes_or_no(ANYWHERE, "family_aid.parents_in_law"),
    _choice("family_aid.area_scope", "pooling_area", "province", "nation"),
    *(
        _choice(f"family_aid.money_model.{where}", *_MONEY_MODELS)
        for where in ("same_area", "same_province", "cross_province")
    ),
    _choice("family_aid.wallet_opening", "none", "part", "whole", scope=LOCAL),
    *_numbers("date", LOCAL, "family_aid.limit_live_from"),
    _list("family_aid.giver_schemes", _SCHEMES),
    _list("family_aid.beneficiary_schemes", _SCHEMES),
    *_yes_or_no(
        NATIONAL,
        "family_aid.beneficiary_must_be_insured",
        "family_aid.giver_needs_account",
        "family_aid.many_to_many",
        "family_aid.both_sides_agree",
        "family_aid.either_side_may_end",
    ),
    *_numbers("count", LOCAL, "family_aid.max_members"),
    *_numbers("fen", LOCAL, "family_aid.min_kept_fen"),
    *_numbers("count", LOCAL, "family_aid.rebinding_wait_days"),
    # Since both agreed; before that, either side ends no more than the paying.
    *_numbers("count", LOCAL, "family_aid.bound_at_least_days"),
    *_yes_or_no(ANYWHERE, "family_aid.own_account_first", "family_aid.givers_in_order"),
    _choice("family_aid.shared_part", "all", "prior_years"),
    *_yes_or_no(ANYWHERE, "family_aid.commitment_letter_replaces_proof"),
    _list(
        "family_aid.form_fields",
        ("NAME", "RELATION", "ID_TYPE", "ID_NUMBER", "CARD_NUMBER", "SIGNED_COMMITMENT_LETTER"),
    ),
    *_numbers("count", NATIONAL, "family_aid.wallet.max_transfers_per_day"),
    *_numbers("fen", NATIONAL, "family_aid.wallet.max_fen_per_transfer"),
    *_yes_or_no(NATIONAL, "family_aid.wallet.both_sides_open"),
    _list("family_aid.wallet.confirmed_by", ("FACE", "E_VOUCHER_PASSWORD"), NATIONAL),
    *_yes_or_no(NATIONAL, "family_aid.limit.is_reserved", "family_aid.limit.unused_returns"),
    _list("family_aid.limit.uses", USES, NATIONAL),
    _choice("family_aid.limit.settled", "monthly", scope=NATIONAL),
    _list("family_aid.ends_on", ("INSURANCE_ENDED", "MOVED_AREA", "DISSOLVED"), NATIONAL),
    # How this service itself handles an invitation; the document is its own.
    *_numbers(
        "count",
        NATIONAL,
        "family_aid.invitation_days",
        "family_aid.reminder_days",
        "family_aid.cool_down_hours",
    ),
    # Whole years of age.
    *_numbers("count", NATIONAL, "family_aid.guardian_below_age", "family_aid.adult_age"),
)
USE_NAMES = (
    *(_list(f"uses.{use.lower()}", PERSONS) for use in USES if use != "SUPPLEMENT_PREMIUM"),
    _list("uses.supplement_premium", PERSONS, LOCAL),
    *_yes_or_no(NATIONAL, "uses.needs_designated_provider"),
    *_yes_or_no(NATIONAL, "certificate.own_only", "certificate.proxy_shows_both"),
)
WITHDRAWAL = (
    _list("withdrawal.cases", CASES, LOCAL),
    *_numbers("working_days", LOCAL, "withdrawal.working_days"),
    *_numbers("fen", LOCAL, "withdrawal.fee_fen"),
    _list("withdrawal.pay_to", PAY_TO),
    _list("withdrawal.channels", CHANNELS),
    _record("withdrawal.materials.common", "materials"),
    *_yes_or_no(ANYWHERE, *(f"withdrawal.case.{case.lower()}" for case in CASES)),
    # The case is no payout of its own: it is handled as another one.
    *(_choice(f"withdrawal.handled_as.{case.lower()}", *CASES) for case in CASES),
    *(_list(f"withdrawal.applicants.{case.lower()}", APPLICANTS) for case in CASES),
    *(_record(f"withdrawal.materials.{case.lower()}", "materials") for case in CASES),
    *(_list(f"withdrawal.effects.{case.lower()}", EFFECTS) for case in CASES),
    # A document that speaks of one case says nothing about the others.
    *(_list(f"withdrawal.pay_to.{case.lower()}", PAY_TO) for case in CASES),
    *(_list(f"withdrawal.channels.{case.lower()}", CHANNELS) for case in CASES),
)
CONSEQUENCES = (
    _record("fraud.suspension_months", "span", NATIONAL),
    _record("fraud.fine_multiple", "span", NATIONAL),
    *_yes_or_no(NATIONAL, "fraud.repays"),
    *_yes_or_no(NATIONAL, "records.query_is_free"),
    *_numbers("digits", ANYWHERE, "hotline.number", "hotline.local"),
)
# Topics in the order of the page.
TOPICS: dict[str, tuple[Name, ...]] = {
    "family_aid": FAMILY_AID,
    "uses": USE_NAMES,
    "account": ACCOUNT,
    "account_credit": ACCOUNT_CREDIT,
    "rates": RATES,
    "contribution_years": CONTRIBUTION_YEARS,
    "retirement": RETIREMENT,
    "benefit": BENEFIT,
    "transfer": TRANSFER,
    "withdrawal": WITHDRAWAL,
    "consequences": CONSEQUENCES,
}
CATALOGUE: dict[str, Name] = {name.name: name for names in TOPICS.values() for name in names}


def names_of_scope(scope: str) -> tuple[Name, ...]:
    return tuple(name for name in CATALOGUE.values() if name.scope == scope)
