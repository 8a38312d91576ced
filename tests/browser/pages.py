"""The pages of the walk. A new page is one line here."""

from dataclasses import dataclass

from family.adding import Step
from tests import cast
from tests.factories import accounts


@dataclass(frozen=True, kw_only=True)
class Page:
    """`visitor` is a key of `tests.browser.world`, None for somebody who has not signed in.

    `after` is what the visitor does there before we look: "" nothing, "submit" fills in what `fill` names and
    sends the form, "without_token" sends it as if the cookie had run out. `site` is "open", "closed"
    (maintenance) or "broken" (a fault of ours).
    """

    path: str
    visitor: str | None = None
    status: int = 200
    after: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    site: str = "open"

    @property
    def label(self) -> str:
        return " ".join(filter(None, [self.visitor, self.path, self.after, str(self.status)]))


def public(*paths: str) -> tuple[Page, ...]:
    return tuple(Page(path=path) for path in paths)


def seen_by(visitor: str, *paths: str) -> tuple[Page, ...]:
    return tuple(Page(path=path, visitor=visitor) for path in paths)


PAGES = (
    *public("/", "/help/", "/identify/", "/accessibility/", "/styleguide/"),
    *public("/policies/", "/policies/210200/", "/policies/000000/"),
    # The checkers: each kind of question, each kind of answer
    *public(
        "/withdrawal/check/",
        "/withdrawal/check/?about=cash",
        "/withdrawal/check/?about=away&case=GIVE_UP",
        "/withdrawal/check/?about=death&case=DEATH&area=320100",
        "/withdrawal/check/?about=away&case=abroad&answered=more",
        "/withdrawal/check/result/?case=GIVE_UP&area=320100&applicant=self&on=2026-11-16",
        "/withdrawal/check/result/?case=SERIOUS_ILLNESS&area=320100",
        "/withdrawal/check/result/?case=MOVE_PROVINCE_NOT_ACCEPTED&area=440100&applicant=self",
        "/withdrawal/check/result/?case=EMERGENCY&area=622900",
        "/withdrawal/check/result/?case=WECHAT&on=2026-13-40",
        "/spending/check/",
        "/spending/check/?use=DRUG",
        "/spending/check/?about=premium&answered=about",
        "/spending/check/?use=CASH&person=self&area=210200",
    ),
    *public(
        "/accounts/sign-in/", "/accounts/sign-in/sms/", "/accounts/sign-up/", "/accounts/reset/"
    ),
    *public("/accounts/sign-up/slip/", "/accounts/signed-out/", "/accounts/session-ended/"),
    *public("/accounts/outbox/"),
    *seen_by("citizen", "/home/", "/balance/", "/balance/credits/", "/contributions/"),
    *seen_by(
        "citizen", "/balance/statement/", "/balance/statement/print/", "/balance/statement/3/"
    ),
    *seen_by("citizen", "/accounts/looks/", "/accounts/security/", "/accounts/security/password/"),
    *seen_by("citizen", "/accounts/security/phone/", "/notices/"),
    *public("/policies/440100/changes/?from=2022&to=2026"),
    # Who uses whose money, what waits, and every page of one binding
    *seen_by(
        "citizen",
        "/family/",
        "/family/invitations/GJ-2026-0105-0042-0005-0/",
        "/family/invitations/GJ-2026-0105-0042-0006-8/",
        "/family/invitations/GJ-2026-0105-0042-0005-0/decline/",
        "/family/bindings/GJ-2026-0105-0042-0001-7/",
        "/family/bindings/GJ-2026-0105-0042-0001-7/receipt/",
        "/family/bindings/GJ-2026-0105-0042-0002-5/change/",
        "/family/bindings/GJ-2026-0105-0042-0002-5/end/",
        "/family/bindings/GJ-2026-0105-0042-0003-3/",
        "/family/bindings/GJ-2026-0105-0042-0003-3/resume/",
        "/family/bindings/GJ-2026-0105-0042-0004-1/withdraw/",
        "/family/grants/",
        "/family/grants/add/",
        "/family/helping/6f1d5a0e-3c1b-4a53-9a36-1d3f0c5e7a21/",
        "/family/?for=6f1d5a0e-3c1b-4a53-9a36-1d3f0c5e7a21",
    ),
    Page(
        path="/family/invitations/GJ-2026-0105-0042-0005-0/",
        visitor="citizen",
        after="submit",
        fill=(("signed_name", "王芳"),),
    ),
    Page(path="/family/grants/add/", visitor="citizen", after="submit"),
    # Whose money first, who would pay, what others see
    *seen_by(
        "citizen",
        "/family/order/",
        "/family/order/?version=2&places=2.1",
        "/family/order/versions/",
        "/family/order/versions/2/",
        "/family/who-pays/",
        "/family/seen/GJ-2026-0105-0042-0001-7/",
    ),
    Page(
        path="/family/order/?version=2&places=2.1",
        visitor="citizen",
        after="submit",
        fill=(("bill", "400"),),
    ),
    Page(path="/family/who-pays/", visitor="citizen", after="submit", fill=(("bill", "1234.56"),)),
    # Adding a relative: each question, what stands between them, the check, the receipt
    *seen_by("asker", "/family/add/", "/family/add/check/"),
    *seen_by("asker", *(f"/family/add/?step={step}" for step in (*Step, "precheck"))),
    *seen_by("asker", "/family/add/?step=relation&among=other"),
    *seen_by("asker", "/family/receipt/GJ-2026-1116-0042-0003-6/"),
    *seen_by("resident", "/family/add/?step=precheck"),
    Page(
        path="/family/add/?step=terms",
        visitor="asker",
        after="submit",
        fill=(("cap_month_fen", "1e5"),),
    ),
    # A child's number, which stays in the form: after all other pages of this way
    Page(
        path="/family/add/?step=who",
        visitor="asker",
        after="submit",
        fill=(("name", "周小宝"), ("id_number", cast.BOY_ID)),
    ),
    # The code that is shown at a desk, what was settled there, and the desk
    *seen_by("citizen", "/voucher/", "/settlements/GJ-2026-0105-0042-0007-6/"),
    *seen_by("lender", "/settlements/GJ-2026-0105-0042-0008-4/"),
    *seen_by(
        "cashier",
        "/desk/",
        "/desk/days/",
        "/desk/receipts/GJ-2026-0105-0042-0007-6/",
        "/desk/receipts/GJ-2026-0105-0042-0007-6/back/",
    ),
    Page(path="/desk/", visitor="cashier", after="submit", fill=(("voucher_code", "ABCD"),)),
    Page(
        path="/desk/",
        visitor="cashier",
        after="submit",
        fill=(("verify_id_number", cast.ZHANG_ID), ("verify_card", cast.ZHANG_CARD)),
    ),
    Page(
        path="/desk/receipts/GJ-2026-0105-0042-0007-6/back/",
        visitor="cashier",
        after="submit",
        fill=(("amount", "12.50"), ("reason", "退了一盒药")),
    ),
    # A form sent back, and the page behind a form
    Page(path="/accounts/sign-in/", after="submit"),
    Page(path="/accounts/sign-up/", after="submit"),
    Page(path="/accounts/sign-in/sms/", after="submit", fill=(("box", cast.ZHANG_PHONE),)),
    Page(path="/accounts/reset/", after="submit", fill=(("box", cast.LI_CARD),)),
    Page(
        path="/accounts/sign-up/",
        after="submit",
        fill=(("name", "钱一凡"), ("id_number", cast.ZHANG_ID), ("phone", "15400000018")),
    ),
    Page(
        path="/accounts/security/phone/",
        visitor="citizen",
        after="submit",
        fill=(("current", accounts.PASSWORD), ("phone", "15400000018")),
    ),
    # Errors
    Page(path="/no-such-page/", status=404),
    Page(path="/accounts/sign-in/", after="without_token", status=403),
    Page(path="/", status=503, site="closed"),
    Page(path="/healthz", status=500, site="broken"),
)
# Pages that another page of the walk also is, for somebody with nothing to see: their titles repeat.
ELSEWHERE = (
    *public("/policies/440100/?on=2022-01-01", "/policies/440100/changes/?from=x"),
    *seen_by("citizen", "/contributions/?kind=M60&until=2031-01&area=310000"),
    *seen_by("citizen", "/contributions/?until=x"),
    Page(path="/balance/statement/999999/", visitor="citizen", status=404),
    *seen_by("resident", "/home/", "/balance/", "/contributions/", "/balance/credits/"),
    Page(path="/withdrawal/check/", visitor="citizen"),
    *seen_by("citizen", "/family/seen/GJ-2026-0105-0042-0002-5/", "/family/order/?version=9"),
    Page(path="/family/order/?version=1&places=1.2", visitor="citizen", after="submit", status=200),
    Page(path="/family/who-pays/", visitor="citizen", after="submit", fill=(("bill", "很多"),)),
    *seen_by("newcomer", "/family/order/", "/family/order/versions/"),
    *seen_by("newcomer", "/family/", "/family/grants/", "/family/grants/add/"),
    *seen_by("citizen", "/family/bindings/GJ-2026-0105-0042-0004-1/"),
    Page(path="/family/bindings/GJ-2026-0105-0042-0004-1/", visitor="newcomer", status=404),
    *seen_by("newcomer", "/home/", "/balance/", "/balance/statement/", "/notices/"),
    Page(path="/settlements/GJ-2026-0105-0042-0007-6/", visitor="newcomer", status=404),
    *seen_by("cashier", "/desk/days/?day=2026-01-05", "/accounts/security/", "/policies/"),
    Page(path="/home/", visitor="cashier", status=403),
)
