from datetime import date

import pytest

from accounts.models import AuditEntry
from insurance.models import Enrolment, InsuredPerson, PersonIdentifier, PoolingArea, RegisterFact
from tests.factories.insurance import make_area, make_enrolment, make_id_number, make_person
from tests.insurance.importing import REGISTER, import_lines, register_line, run, write

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("fixed_day"),
    pytest.mark.both_databases,
]

FACTS = f"{REGISTER},death_date,freeze_from,freeze_to,suspension_from,suspension_to,transfer_out_date,transfer_out_done,transfer_out_area"


def facts_line(
    number=1, death="", frozen=("", ""), suspended=("", ""), moved=("", "", ""), **cells
):
    return ",".join([register_line(number, **cells), death, *frozen, *suspended, *moved])


def live_numbers(person):
    return {one.kind: one.digest for one in PersonIdentifier.objects.live().filter(person=person)}


def test_a_line_makes_a_person_who_can_be_found_and_an_enrolment(tmp_path):
    assert import_lines("register", tmp_path, register_line(1, employer="")).code == 0
    person = InsuredPerson.objects.get(person_number="R0001")
    number = make_id_number(area="340000", born="19850101", sequence=1)
    assert (person.name, person.id_number, person.phone) == ("王小明", number, "15400000001")
    assert (person.sex, person.birth_date) == ("male", date(1985, 1, 1))
    for kind, value in (
        ("id_number", number),
        ("phone", "15400000001"),
        ("social_security_card", "Z00000001"),
    ):
        assert PersonIdentifier.objects.live().for_value(kind, value).get().person == person
    enrolment = Enrolment.objects.get()
    assert (enrolment.scheme, enrolment.person_type, enrolment.has_account) == (
        "employee",
        "in_service",
        True,
    )
    assert (enrolment.area_id, enrolment.starts_on, enrolment.ends_on) == (
        "340100",
        date(2010, 7, 1),
        None,
    )


def test_the_same_file_twice_changes_nothing(tmp_path):
    lines = [register_line(number) for number in range(1, 6)]
    assert "新增 5 行" in import_lines("register", tmp_path, *lines).out
    before = list(InsuredPerson.objects.values_list("pk", "updated_at"))
    outcome = import_lines("register", tmp_path, *lines)
    assert "新增 0 行，更新 0 行，已有 5 行" in outcome.out
    assert list(InsuredPerson.objects.values_list("pk", "updated_at")) == before
    assert (Enrolment.objects.count(), PersonIdentifier.objects.count()) == (5, 15)


def test_the_last_file_wins_and_what_it_changes_is_audited(tmp_path):
    import_lines("register", tmp_path, register_line(1))
    person = InsuredPerson.objects.get()
    old = live_numbers(person)
    outcome = import_lines(
        "register", tmp_path, register_line(1, tel="15499999999", end="2026-10-31")
    )
    assert "更新 1 行" in outcome.out
    person.refresh_from_db()
    assert person.phone == "15499999999"
    assert live_numbers(person) == old | {"phone": live_numbers(person)["phone"]} != old
    assert not PersonIdentifier.objects.live().for_value("phone", "15400000001").exists()
    assert Enrolment.objects.get().ends_on == date(2026, 10, 31)
    entry = AuditEntry.objects.get(action="person.import")
    assert (entry.actor, entry.subject_ref, entry.details) == (
        None,
        str(person.reference),
        {"fields": ["phone"]},
    )


def test_an_empty_cell_or_a_missing_column_leaves_what_is_registered(tmp_path):
    import_lines("register", tmp_path, register_line(1))
    outcome = import_lines(
        "register", tmp_path, register_line(1, tel="", social_security_card="", gend="", brdy="")
    )
    assert "已有 1 行" in outcome.out
    header = "psn_no,name,certificate,id_number,area,scheme,person_type,start"
    number = make_id_number(area="340000", born="19850101", sequence=1)
    path = write(tmp_path, header, f"R0001,王小明,01,{number},340100,310,11,2010-07-01")
    assert "已有 1 行" in run("register", path).out
    assert InsuredPerson.objects.get().phone == "15400000001"


def test_a_second_tier_without_an_account_stays_so_when_the_file_is_silent(tmp_path):
    person = make_person(
        person_number="R0001", name="王小明", certificate="08", id_number="X1234567"
    )
    make_enrolment(person=person, has_account=False)
    cells = {
        "psn_cert_type": "08",
        "certno": "X1234567",
        "tel": "",
        "social_security_card": "",
        "gend": "",
        "brdy": "",
    }
    assert "已有 1 行" in import_lines("register", tmp_path, register_line(1, **cells)).out
    assert not Enrolment.objects.get().has_account


def test_two_lines_of_a_person_are_two_enrolments(tmp_path):
    lines = [
        register_line(1, end="2020-12-31"),
        register_line(1, start="2021-01-01", insu_admdvs="320100"),
    ]
    assert import_lines("register", tmp_path, *lines).code == 0
    assert InsuredPerson.objects.count() == 1
    assert sorted(Enrolment.objects.values_list("area", flat=True)) == ["320100", "340100"]


def test_lines_that_contradict_each_other_are_told_and_the_first_stands(tmp_path):
    lines = [
        register_line(1),
        register_line(1, start="2021-01-01", tel="15499999999"),
        register_line(1),
        register_line(1, start="2022-01-01", tel=""),
    ]
    for _time in range(2):
        outcome = import_lines("register", tmp_path, *lines)
        assert [(line, column) for line, column, _problem in outcome.problems] == [
            (3, "tel"),
            (4, ""),
        ]
        assert "第 2 行" in outcome.problems[0][2]
        assert InsuredPerson.objects.get().phone == "15400000001"


def test_two_person_numbers_with_one_id_number_are_not_merged_silently(tmp_path):
    first = make_id_number(area="340000", born="19850101", sequence=1)
    fifteen = first[:6] + first[8:17]
    lines = [register_line(1), register_line(2, certno=fifteen, gend=""), register_line(3)]
    outcome = import_lines("register", tmp_path, *lines)
    assert outcome.problems == [(3, "certno", "证件号码已属于另一个人员编号，请核对")]
    assert InsuredPerson.objects.count() == 2
    again = import_lines("register", tmp_path, *lines[1:])
    assert again.problems == [(2, "certno", "证件号码已属于另一个人员编号，请核对")]


def test_a_card_belongs_to_one_person_and_a_phone_to_a_family(tmp_path):
    lines = [
        register_line(1),
        register_line(2, social_security_card="Z00000001"),
        register_line(3, tel="15400000001"),
    ]
    outcome = import_lines("register", tmp_path, *lines)
    assert [(line, column) for line, column, _problem in outcome.problems] == [
        (3, "social_security_card")
    ]


def test_a_number_that_was_given_up_can_be_somebody_elses(tmp_path):
    import_lines("register", tmp_path, register_line(1))
    lines = [
        register_line(1, social_security_card="Z00000077"),
        register_line(2, social_security_card="Z00000001"),
    ]
    assert import_lines("register", tmp_path, *lines).code == 0
    holder = PersonIdentifier.objects.live().for_value("social_security_card", "Z00000001").get()
    assert holder.person.person_number == "R0002"


def test_fifteen_digits_become_eighteen(tmp_path):
    long = make_id_number(area="340000", born="19850101", sequence=1)
    import_lines("register", tmp_path, register_line(1, certno=long[:6] + long[8:17]))
    assert InsuredPerson.objects.get().id_number == long
    assert "已有 1 行" in import_lines("register", tmp_path, register_line(1)).out


def test_an_id_number_that_contradicts_the_register_is_taken_as_written(tmp_path):
    outcome = import_lines("register", tmp_path, register_line(1, brdy="1985-01-02", gend="2"))
    assert [(line, column) for line, column, _problem in outcome.problems] == [
        (2, "brdy"),
        (2, "gend"),
    ]
    person = InsuredPerson.objects.get()
    assert (person.birth_date, person.sex) == (date(1985, 1, 2), "female")


def test_where_the_register_is_silent_the_id_number_speaks(tmp_path):
    import_lines("register", tmp_path, register_line(2, brdy="", gend=""))
    person = InsuredPerson.objects.get()
    assert (person.birth_date, person.sex) == (date(1985, 1, 1), "female")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("台湾居民居住证", make_id_number(area="830000", sequence=0)),
        ("06", "12345678"),
        ("港澳居民居住证（香港）", "H12345678"),
        ("5", "M1234567801"),
        ("07", make_id_number(area="911156", sequence=0)),
        ("07", "CAN110078012341"),
        ("护照", "E1234567"),
        ("99", "AB-12345"),
    ],
)
def test_other_certificates_are_read_too(tmp_path, kind, number):
    cells = {"psn_cert_type": kind, "certno": number, "gend": "", "brdy": ""}
    outcome = import_lines("register", tmp_path, register_line(1, **cells))
    assert (outcome.code, outcome.problems) == (0, [])
    assert PersonIdentifier.objects.live().for_value("id_number", number.replace("-", "")).exists()


def test_a_permit_called_an_identity_card_is_taken_with_a_warning(tmp_path):
    number = make_id_number(area="810000", born="19850101", sequence=1)
    outcome = import_lines("register", tmp_path, register_line(1, certno=number))
    assert (outcome.code, outcome.problems[0][1]) == (0, "psn_cert_type")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"psn_type": "11", "insutype": "310"}, ("employee", "in_service", True)),
        ({"psn_type": "灵活就业", "insutype": "职工医保"}, ("employee", "flexible", True)),
        ({"psn_type": "1201", "insutype": "310"}, ("employee", "retired", True)),
        ({"psn_type": "15", "insutype": "390"}, ("resident", "resident", False)),
        ({"psn_type": "居民", "insutype": "城乡居民医保"}, ("resident", "resident", False)),
    ],
)
def test_codes_and_words_of_schemes_and_types(tmp_path, cells, expected):
    assert import_lines("register", tmp_path, register_line(1, **cells)).code == 0
    row = Enrolment.objects.get()
    assert (row.scheme, row.person_type, row.has_account) == expected


def test_the_flag_of_flexible_work_and_of_the_account_are_read(tmp_path):
    header = f"{REGISTER},flxempe_flag,has_account,tier,employer"
    lines = [f"{register_line(1)},1,是,一档,", f"{register_line(2)},0,0,二档,样例厂"]
    assert import_lines("register", tmp_path, *lines, header=header).code == 0
    rows = Enrolment.objects.order_by("person_id").values_list(
        "person_type", "has_account", "tier", "employer"
    )
    assert list(rows) == [("flexible", True, "一档", ""), ("in_service", False, "二档", "样例厂")]


def test_a_resident_has_no_account(tmp_path):
    line = register_line(1, insutype="390", psn_type="居民") + ",是"
    outcome = import_lines("register", tmp_path, line, header=f"{REGISTER},has_account")
    assert outcome.problems == [(2, "has_account", "居民医保没有个人账户")]


def test_an_unlisted_area_is_known_by_its_code_and_province(tmp_path):
    import_lines("register", tmp_path, register_line(1, insu_admdvs="320900"))
    area = PoolingArea.objects.get(code="320900")
    assert (area.is_listed, area.level, area.parent_id) == (False, "city", "320000")
    assert "江苏" in area.name_zh
    assert area.parent.parent_id == "000000"


def test_a_district_of_a_listed_city_and_the_platforms_own_code_are_that_city(tmp_path):
    make_area(code="340100")
    make_area(code="310000", level="province")
    PoolingArea.objects.filter(code="340100").update(admdvs="349901")
    codes = ["340104", "349901", "340100", "310115"]
    lines = [register_line(at, insu_admdvs=code) for at, code in enumerate(codes, start=1)]
    assert import_lines("register", tmp_path, *lines).code == 0
    rows = Enrolment.objects.order_by("person__person_number").values_list("area", flat=True)
    assert list(rows) == ["340100", "340100", "340100", "310000"]
    assert "已有 4 行" in import_lines("register", tmp_path, *lines).out


def test_dated_facts_stand_beside_the_enrolment(tmp_path):
    lines = [
        facts_line(1, death="2026-03-08"),
        facts_line(2, frozen=("2026-09-01", ""), suspended=("2026-09-01", "2026-12-31")),
        facts_line(3, moved=("2024-05-31", "", "330100")),
    ]
    assert import_lines("register", tmp_path, *lines, header=FACTS).code == 0
    rows = RegisterFact.objects.order_by("person_id", "kind")
    assert list(rows.values_list("kind", "from_day", "to_day", "other_area")) == [
        ("death", date(2026, 3, 8), None, None),
        ("account_freeze", date(2026, 9, 1), None, None),
        ("settlement_suspension", date(2026, 9, 1), date(2026, 12, 31), None),
        ("transfer_out", date(2024, 5, 31), None, "330100"),
    ]
    assert "已有 3 行" in import_lines("register", tmp_path, *lines, header=FACTS).out


def test_a_freeze_ends_and_a_wrong_day_of_death_is_withdrawn(tmp_path):
    import_lines("register", tmp_path, facts_line(1, frozen=("2026-09-01", "")), header=FACTS)
    import_lines("register", tmp_path, facts_line(2, death="2026-03-08"), header=FACTS)
    lines = [facts_line(1, frozen=("2026-09-01", "2026-10-31")), facts_line(2, death="2026-03-09")]
    assert import_lines("register", tmp_path, *lines, header=FACTS).code == 0
    assert RegisterFact.objects.get(kind="account_freeze").to_day == date(2026, 10, 31)
    deaths = RegisterFact.objects.filter(kind="death").order_by("from_day")
    assert [(row.from_day.day, row.withdrawn_at is None) for row in deaths] == [
        (8, False),
        (9, True),
    ]


def test_a_transfer_is_under_way_until_it_is_said_to_be_done_or_the_enrolment_is_over(tmp_path):
    lines = [
        facts_line(1, moved=("2026-05-31", "", "330100")),
        facts_line(2, moved=("2026-05-31", "2026-06-20", "330100")),
        facts_line(3, moved=("2026-05-31", "", "330100"), end="2026-05-31"),
    ]
    assert import_lines("register", tmp_path, *lines, header=FACTS).code == 0
    days = RegisterFact.objects.order_by("person_id").values_list("to_day", flat=True)
    assert list(days) == [None, date(2026, 6, 20), date(2026, 5, 31)]


def test_two_facts_of_a_kind_never_hold_on_one_day(tmp_path):
    import_lines(
        "register", tmp_path, facts_line(1, frozen=("2026-01-01", "2026-01-31")), header=FACTS
    )
    lines = [
        facts_line(1, frozen=("2026-01-31", ""), start="2021-01-01"),
        facts_line(1, frozen=("2026-02-01", ""), start="2022-01-01"),
        facts_line(1, frozen=("2026-03-01", "2026-03-02"), start="2023-01-01"),
    ]
    outcome = import_lines("register", tmp_path, *lines, header=FACTS)
    assert [(line, column) for line, column, _problem in outcome.problems] == [
        (2, "freeze_from"),
        (4, "freeze_from"),
    ]
    assert sorted(Enrolment.objects.values_list("starts_on__year", flat=True)) == [2010, 2022]
    assert RegisterFact.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (facts_line(1, frozen=("", "2026-10-31")), "freeze_from"),
        (facts_line(1, frozen=("2026-10-31", "2026-10-30")), "freeze_to"),
        (facts_line(1, suspended=("2026-10-31", "2026-10-30")), "suspension_to"),
        (facts_line(1, moved=("", "", "330100")), "transfer_out_date"),
        (facts_line(1, moved=("2026-10-01", "", "330")), "transfer_out_area"),
        (facts_line(1, death="1984-12-31"), "death_date"),
        (facts_line(1, death="2026-11-17"), "death_date"),
    ],
)
def test_facts_that_make_no_sense_are_refused(tmp_path, line, column):
    outcome = import_lines("register", tmp_path, line, header=FACTS)
    assert [(number, name) for number, name, _problem in outcome.problems] == [(2, column)]
    assert not InsuredPerson.objects.exists()
