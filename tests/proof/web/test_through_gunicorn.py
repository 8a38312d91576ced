"""Machines, a desk and two families on the wire, through gunicorn with several workers and TLS, on a PostgreSQL of its own.

No test here uses the database of the tests: everything is asked as a stranger would ask it.
"""

import re

import pytest

from tests.postgres import serving
from tests.proof.web import load
from tests.proof.web.browser import Browser
from tests.proof.web.machine import Machine

SECONDS, FEWEST_KEYS = 10, 20
SEED = 20261122
CODE = re.compile(r'class="voucher-code">(.*?)</p>')


@pytest.fixture(scope="module")
def site():
    with serving() as server, load.running(server.get_uri()) as found:
        yield found


@pytest.fixture(scope="module")
def service(site):
    return site[0]


@pytest.fixture(scope="module")
def first_family(site):
    """The patient, the wife, the father and the son; in this order the money of a bill is asked for."""
    return site[1]["families"][0]


@pytest.fixture
def hospital(site):
    service, world = site
    machine = Machine(service.port, service.certificate, world["providers"][0]["key"])
    yield machine
    machine.hang_up()


def open_at_home(service, person):
    browser = Browser(service)
    browser.sign_in(person)
    return browser


def words(browser, path):
    """The page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.go(path)))


def moves(browser):
    """The amounts of the person's own statement, the latest first."""
    page = words(browser, "/balance/statement/").partition("金额（元）")[2]
    return re.findall(r"[+−][\d,]+\.\d\d", page)


def charge(hospital, patient, number, fen):
    answer = hospital.post(
        "settlements", load.bill(patient, number, fen), key=f"walk-bill-{number}"
    )
    assert answer.status == 201, answer
    return answer.said


def test_a_bill_goes_through_three_payers_cap_pause_empty_and_back(service, first_family, hospital):
    patient, wife, father, son = first_family
    first = charge(hospital, patient, "1", 70_000)
    # 120 of one's own, the wife's 200 of a bill, all 70 of the father, 310 of the son.
    assert (first["paid_fen"], first["cash_fen"]) == (70_000, 0)

    his = open_at_home(service, son)
    page = his.go("/family/")
    his.go(re.search(r"/family/bindings/[\w-]+/", page)[0])
    his.send("/pause/")
    second = charge(hospital, patient, "2", 30_000)
    # One's own and the father's are empty, the son pauses: the wife's 200 again, 100 in cash.
    assert (second["paid_fen"], second["cash_fen"]) == (20_000, 10_000)

    back = hospital.post(f"settlements/{first['ref']}/reversals", {}, key="walk-back-1")
    assert back.said["paid_fen"] == 70_000
    again = hospital.post(f"settlements/{first['ref']}/reversals", {}, key="walk-back-2")
    assert again.status in (409, 422)
    day = hospital.get(f"settlements/{first['ref']}").said
    assert (day["refunded_fen"], day["paid_fen"]) == (70_000, 70_000)

    own = open_at_home(service, patient)
    receipt = words(own, f"/settlements/{second['ref']}/")
    assert "200.00 元" in receipt
    assert "100.00 元" in receipt
    assert "暂停" in receipt
    assert moves(own) == ["+120.00", "−120.00", "+120.00"]
    hers = open_at_home(service, wife)
    assert moves(hers) == ["+200.00", "−200.00", "−200.00", "+500.00"]
    # What a payer sees of it says what kind of place it was, and no bill number.
    assert "MZ2" not in words(hers, f"/settlements/{second['ref']}/")
    old = open_at_home(service, father)
    assert moves(old) == ["+70.00", "−70.00", "+70.00"]
    assert moves(his) == ["+310.00", "−310.00", "+1,000.00"]


def test_a_desk_takes_a_bill_by_the_code_on_the_screen(site, service, first_family):
    _service, world = site
    patient = world["families"][1][0]
    own = open_at_home(service, patient)
    shown = CODE.search(own.go("/voucher/"))[1]
    code = re.sub(r"<[^>]+>| ", "", shown)
    desk = Browser(service)
    desk.sign_in(world["clerk"])
    desk.second_factor(world["clerk"]["secret"])
    desk.go("/desk/")
    desk.send('value="voucher"', voucher_code=code)
    desk.send('name="bill_no"', use="CARE", amount="88.80", bill_no="DESK-1")
    assert "88.80 元" in desk.page
    desk.send('name="turn"')
    assert "/desk/receipts/" in desk.url
    assert patient["name"] not in desk.page
    assert "DESK-1" in desk.go("/desk/days/")


def test_killed_workers_lose_nothing_that_was_answered(site):
    service, world = site
    found = load.run(service, world, seconds=SECONDS, seed=SEED)
    assert found.faults == [], found.report(SEED)
    assert found.counts["kills"] >= 3, found.report(SEED)
    assert found.counts["keys"] >= FEWEST_KEYS, found.report(SEED)
