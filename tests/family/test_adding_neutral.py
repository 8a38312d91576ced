"""The initiator learns nothing of the other person: not from the pages, not from the work that they cost (security §5.2)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from family.models import Binding
from tests.factories import agreeing
from tests.factories import insurance as register
from tests.family.adding import ADD, CHECK, STEPS, TOKEN, at, begin, hidden, visitor

pytestmark = [pytest.mark.usefixtures("rules"), pytest.mark.both_databases]
NUMBER = re.compile(r"GJ[- 0-9]{20,}")
KINDS = ("nobody", "somebody", "other name", "dead", "no login", "no account", "bound", "child")


def make_other(kind):
    """The number of somebody of that kind, all named 李梅 or not there at all."""
    if kind == "nobody":
        return register.make_id_number(area="340104", born="19730405", sequence=900)
    if kind == "no login":
        number = register.make_id_number(area="340104", born="19730405", sequence=901)
        register.make_person(name="李梅", id_number=number)
        return number
    scheme = "resident" if kind == "no account" else "employee"
    name = "王芳" if kind == "other name" else "李梅"
    other = agreeing.make_member(name=name, born="19730405", scheme=scheme)
    if kind == "dead":
        register.make_fact(person=other, kind="death")
    if kind == "bound":
        agreeing.make_binding(
            giver=agreeing.make_member(name="李强"), beneficiary=other, relation="sibling"
        )
    if kind == "child":
        guardian = agreeing.make_member(name="李强")
        agreeing.make_guardianship(guardian=guardian, child=other)
    return other.id_number


def seen(client, method, url, typed=None):
    """(status, where to, body, headers, number of queries) without what was typed and what is drawn."""
    with CaptureQueriesContext(connection) as queries:
        page = getattr(client, method)(url, typed)
    body = TOKEN.sub(r"\1", page.content.decode())
    headers = {name: value for name, value in page.headers.items() if name != "Content-Length"}
    headers["Location"] = NUMBER.sub("", page.headers.get("Location", ""))
    for value in (typed or {}).values():
        if isinstance(value, str) and len(value) > 3:
            body = body.replace(value, "")
    return page, (page.status_code, NUMBER.sub("", body), headers, len(queries))


def way(number):
    """Everything that an initiator sees who names that number, page after page."""
    client = visitor(agreeing.make_member(name="张建国", phone="13900000000"))
    begin(client)
    told = []
    for step in STEPS:
        typed = STEPS[step] | ({"id_number": number} if step == "who" else {})
        page, look = seen(client, "post", at(step), typed)
        told.append(look)
        told.append(seen(client, "get", page.url)[1])
    page = client.get(CHECK)
    body = page.content.decode()
    told.append(re.sub(r"3401\*+\w{4}", "", TOKEN.sub(r"\1", body)))
    page, look = seen(client, "post", CHECK, hidden(page))
    told.append(look)
    receipt = page.url
    told.append(seen(client, "get", receipt)[1])
    told.append(seen(client, "get", ADD)[1])
    return [masked(one) for one in told]


def masked(look):
    """Without the masked number, whose last four digits were typed."""
    if isinstance(look, str):
        return look
    status, body, headers, queries = look
    return status, re.sub(r"3401\*+\w{4}", "", body), headers, queries


def test_one_way_for_whoever_is_named():
    ways = {}
    for kind in KINDS:
        number = make_other(kind)
        ways[kind] = way(number)
    first = ways["nobody"]
    for kind, told in ways.items():
        for place, (one, other) in enumerate(zip(first, told, strict=True)):
            assert one == other, (kind, place)
    assert any("等家人确认" in look[1] for look in first if not isinstance(look, str))
    assert Binding.objects.filter(state="waiting").count() == len(KINDS)


def test_no_page_of_the_way_asks_for_the_other_person():
    """Not even in a statement that finds nobody: the number is written into the invitation and compared with own rows only."""
    number = make_other("somebody")
    client = visitor(agreeing.make_member(name="张建国"))
    begin(client)
    with CaptureQueriesContext(connection) as queries:
        for step in STEPS:
            client.post(at(step), STEPS[step] | ({"id_number": number} if step == "who" else {}))
        client.post(CHECK, hidden(client.get(CHECK)))
    asked = [one["sql"] for one in queries if "insurance_personidentifier" in one["sql"]]
    assert not asked
    assert Binding.objects.filter(state="waiting").count() == 1
