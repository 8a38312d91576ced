"""What a clerk does at the desk, step by step, as a browser sends it."""

from claims import vouchers

BILL = {"use": "CARE", "amount": "700", "bill_no": "MZ-1"}


def identify(desk, person):
    """By the code on the patient's screen; the address of the bill's page."""
    answer = desk.post("/desk/", {"how": "voucher", "voucher_code": vouchers.show(person=person)})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def quote(desk, person, **bill):
    """As far as the page that says what would be paid; the page's address."""
    answer = desk.post(identify(desk, person), BILL | bill)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def press(desk, check, **more):
    """The button of that page."""
    turn = desk.get(check).context["here"].visit.turn
    return desk.post(check.replace("/check/", "/settle/"), {"turn": turn} | more)


def settle(desk, person, **bill):
    """All of it; the address of the receipt."""
    answer = press(desk, quote(desk, person, **bill))
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url.startswith("/desk/receipts/")
    return answer.url


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()
