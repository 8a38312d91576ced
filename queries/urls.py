from django.urls import path

from queries.views import (
    balance,
    contributions,
    credits,
    home,
    policies,
    public,
    spending,
    statement,
    styleguide,
    withdrawal,
)

app_name = "queries"

urlpatterns = [
    path("", public.start, name="start"),
    path("help/", public.help_page, name="help"),
    path("identify/", public.identify, name="identify"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("home/", home.home, name="home"),
    path("balance/", balance.balance, name="balance"),
    path("balance/statement/", statement.statement, name="statement"),
    path("balance/statement/print/", statement.printed, name="statement-print"),
    path("balance/statement/csv/", statement.as_file, name="statement-csv"),
    path("balance/statement/<int:sequence>/", statement.entry, name="entry"),
    path("balance/credits/", credits.credits, name="credits"),
    path("contributions/", contributions.contributions, name="contributions"),
    path("withdrawal/check/", withdrawal.check, name="withdrawal-check"),
    path("withdrawal/check/result/", withdrawal.result, name="withdrawal-result"),
    path("spending/check/", spending.check, name="spending-check"),
    path("policies/", policies.policies, name="policies"),
    path("policies/<slug:code>/", policies.policy_area, name="policy-area"),
    path("policies/<slug:code>/changes/", policies.policy_changes, name="policy-changes"),
]
