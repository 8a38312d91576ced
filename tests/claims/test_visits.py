"""Who stands at a desk: for how long, how many, and gone when the bill is paid."""

from claims import visits

DESK = 7


def begin(session, person_id=1):
    return visits.begin(session, provider_id=DESK, person_id=person_id, how="voucher")


def test_a_visit_lasts_a_quarter_of_an_hour(clock):
    session = {}
    visit = begin(session)
    clock(minutes=14, seconds=59)
    assert visits.find(session, visit.number, provider_id=DESK) == visit
    clock(seconds=1)
    assert visits.find(session, visit.number, provider_id=DESK) is None


def test_a_visit_of_another_provider_is_none_of_ours(clock):
    session = {}
    visit = begin(session)
    assert visits.find(session, visit.number, provider_id=DESK + 1) is None


def test_of_more_than_ten_patients_the_first_to_come_are_gone(clock):
    session = {}
    for number in range(11):
        begin(session, person_id=number)
    assert [one.person_id for one in visits.waiting(session, DESK)] == list(range(1, 11))


def test_a_visit_that_is_finished_is_gone_and_the_others_stay(clock):
    session = {}
    done, left = begin(session), begin(session)
    visits.finish(session, done.number)
    assert list(visits.waiting(session, DESK)) == [left]
