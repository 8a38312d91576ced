"""Every step has words for both sides, short, without a link, and no reason of one side's record for the other."""

import pytest

from family import bindings, changing, note_texts, notes
from family.moves import MOVES, PARTIES, Move, Side
from insurance.models import Notice
from insurance.notice_texts import TEXTS, fill
from tests.factories.agreeing import make_binding, pressed, propose, titles

# A message of 70 characters is one; two are the most that anybody reads to the end.
LONGEST_SMS = 140
WORDS = {
    "other_name": "张*国",
    "child_name": "张*宝",
    "guardian_name": "李*",
    "reference": "GJ-2026-1121-0042-1234-7",
    "usable_day": "2026-11-22",
    "formal_day": "2026-11-22",
    "usable_time": "09:05",
    "until": "2026-11-30",
    "why": "",
    "who_pays": "",
    "step": "",
}
KINDS = sorted(key for key in TEXTS if key.startswith(("binding.", "age.")))


@pytest.mark.parametrize("move", sorted(Move))
def test_every_step_has_words_for_whoever_hears_of_it(move):
    sides = MOVES[move].sides
    if sides & PARTIES:
        assert f"binding.{move}.own" in TEXTS
    if move != Move.PROPOSE:  # the other side is not known yet
        assert f"binding.{move}" in TEXTS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_words_fit_a_message_and_hold_no_link(kind, language):
    told = fill(TEXTS[kind], WORDS, language)
    assert told.title
    assert told.body
    assert len(told.sms) <= LONGEST_SMS
    assert "%(" not in told.title + told.body + told.sms
    if language == "zh-hans":
        assert told.sms.endswith("。")


def last_body(person):
    return Notice.objects.of(person.pk).newest_first().first().body


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("reason", sorted(note_texts.WHYS))
def test_a_reason_of_one_record_is_told_to_that_side_alone(reason):
    bound = make_binding()
    notes.tell_both(bound, Move.SUSPEND, reason=reason, whose=Side.GIVER)
    why = str(note_texts.WHYS[reason])
    assert why in last_body(bound.giver)
    assert why not in last_body(bound.beneficiary)
    assert str(note_texts.OTHER_SIDE) in last_body(bound.beneficiary)


@pytest.mark.usefixtures("rules")
def test_a_reason_of_nobodys_record_is_told_to_both():
    bound = make_binding()
    changing.close(binding_id=bound.pk, reason="relation_ended")
    for person in (bound.giver, bound.beneficiary):
        assert str(note_texts.WHYS["relation_ended"]) in last_body(person)


@pytest.mark.usefixtures("rules")
def test_whoever_says_no_has_it_in_writing(husband, wife):
    waiting = propose(husband, wife)
    bindings.decline(binding_id=waiting.pk, person=wife, **pressed(wife))
    assert titles(wife) == ["您没有同意张*国的邀请"]
    assert titles(husband)[-1] == "家庭共济的邀请没有得到同意"
