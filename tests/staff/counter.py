"""What tests of the window have in common: opening a desk, showing to be there, sending in a page."""

import re

from accounts.models import SmsMessage
from family.models import Binding
from tests.factories import files

REASON = "本人到窗口办家庭共济"
GROUNDS = "本人带卡到窗口，要和女儿共用"


def desk_of(person):
    return f"/admin/family/binding/person/{person.pk}/"


def at(person, page):
    return f"{desk_of(person)}{page}"


def open_desk(client, person):
    """With a reason, as the clerk does it."""
    client.post(desk_of(person), {"reason": REASON})
    return client.get(desk_of(person)).content.decode()


def check_papers(client, person, *, speaker=None, **typed):
    """The papers in the clerk's hands; `speaker` is a guardian."""
    open_desk(client, person)
    whose = speaker or person
    sent = {
        "way": "identity",
        "document": "identity_card",
        "tail": whose.id_number[-4:],
        "full_name": whose.name,
        "compared": ["photo"],
        "grounds": GROUNDS,
    }
    if speaker:
        sent["who"] = str(speaker.pk)
    return client.post(at(person, "presence/"), {**sent, **typed})


def ask_for_code(client, person, **typed):
    """Sends a code and reads it where the person would."""
    client.post(at(person, "presence/"), {"way": "code", "grounds": GROUNDS, **typed})
    return newest_code()


def newest_code():
    return re.match(r"\d{6}", SmsMessage.objects.order_by("-id").first().body)[0]


def check_card(client, person, **typed):
    """The card, and the code that came to the phone."""
    open_desk(client, person)
    code = ask_for_code(client, person)
    sent = {"way": "card", "card": person.social_security_card, "code": code, "grounds": GROUNDS}
    return client.post(at(person, "presence/"), {**sent, **typed})


def letter(name="letter.jpg"):
    return files.sent(files.picture(), name)


def answers(other, *, relative, **typed):
    """The questions about that relative, answered truthfully."""
    now = other.enrolments.first()
    said = {
        "relative": relative,
        "scheme": now.scheme if now else "none",
        "area": now.area_id if now else "",
        "name": other.name,
        "id_number": other.id_number,
        "sees": "enough",
        "uses": ["CARE", "DRUG"],
        "cap_month_fen": "300",
    }
    return {**said, **typed}


def propose(client, person, other, *, relative, side, signer=None, **typed):
    """Both pages; gives the answer to the second."""
    address = at(person, f"propose/?side={side}")
    said = answers(other, relative=relative)
    client.post(address, {**said, "step": "questions"})
    signed = {
        "step": "sign",
        "signed_name": (signer or person).name,
        "letter": "2026-11",
        "proof": "commitment_letter",
        "signed_letter": letter(),
    }
    return client.post(address, {**said, **signed, **typed})


def confirm(client, person, binding, *, signer=None, **typed):
    sent = {
        "answer": "yes",
        "version": binding.version,
        "signed_name": (signer or person).name,
        "letter": "2026-11",
        "proof": "commitment_letter",
        "signed_letter": letter(),
    }
    return client.post(at(person, f"answer/{binding.reference}/"), {**sent, **typed})


def move(client, person, binding, what, **typed):
    binding = Binding.objects.get(pk=binding.pk)
    sent = {"version": binding.version, **typed}
    return client.post(at(person, f"move/{binding.reference}/{what}/"), sent)


def errors(answer):
    """Every sentence that the error summary shows."""
    form = answer.context["form"]
    return [str(error) for errors in form.errors.values() for error in errors]
