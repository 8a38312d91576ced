"""The way through the questions, as a browser goes it."""

import re

from django.test import Client
from django.urls import reverse

from tests import cast
from tests.factories import agreeing
from tests.factories import insurance as register

WIFE = register.make_id_number(area="340104", born="19730405", sequence=77)
ADD, CHECK = "/family/add/", "/family/add/check/"
TOKEN = re.compile(r'(name="(?:csrfmiddlewaretoken|form)" value=")[^"]*')
USES = ["CARE", "DRUG", "RESIDENT_PREMIUM", "LTC_PREMIUM"]
STEPS = {
    "side": {"side": "giver"},
    "relation": {"relative": "spouse"},
    "insured": {"scheme": "resident", "area": agreeing.HEFEI},
    "who": {"name": "李梅", "id_number": WIFE},
    "sees": {"sees": "enough"},
    "terms": {"cap_month_fen": "300", "uses": USES},
    "letter": {"signed_name": "张建国"},
}


def at(step, **query):
    more = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{ADD}?step={step}{more}"


def visitor(person):
    return cast.sign_in(Client(), agreeing.login_of(person))


def begin(client):
    return client.post(ADD)


def answer(client, step, **typed):
    return client.post(at(step), STEPS[step] | typed)


def answer_until(client, last, **changed):
    """Answer from the start through that step; `changed` are the fields of a step. Gives the last answer."""
    begin(client)
    for step in STEPS:
        if step == "sees" and changed.get("side", {}).get("side") == "beneficiary":
            continue
        found = answer(client, step, **changed.get(step, {}))
        if step == last:
            return found
    raise AssertionError(last)


def fill(client, **changed):
    """Everything up to the last page, which is returned."""
    found = answer_until(client, "letter", **changed)
    assert found.url == CHECK, found.url
    return client.get(CHECK)


def hidden(page):
    """The fields of the last page's own form."""
    text = page.content.decode()
    return dict(re.findall(r'name="(form|version)" value="([^"]*)"', text))


def send(client, page):
    return client.post(CHECK, hidden(page))


def add(client, **changed):
    """All the way; gives the number of the case."""
    found = send(client, fill(client, **changed))
    assert found.status_code == 302, found.status_code
    return found.url.strip("/").rpartition("/")[2]


def receipt_of(reference):
    return reverse("family:receipt", args=[reference])


def text(page):
    assert page.status_code == 200, page.status_code
    return page.content.decode()


def title(page):
    return re.search(r"<title>(.*?)</title>", page.content.decode(), re.S)[1]
