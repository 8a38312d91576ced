"""Numbers as people and files write them, and what each is. All are made up; none belongs to anybody.

GOOD: (typed, the eighteen characters). BAD: (typed, code of the fault). The day is 2026-11-16.
"""

from accounts.id_number import check_character


def number(seventeen):
    return seventeen + check_character(seventeen)


def wrong_check(eighteen):
    """The same with each of the ten other check characters."""
    return [eighteen[:17] + one for one in "0123456789X" if one != eighteen[17]]


STANDARD = "11010519491231002X"
PERMIT = "810000199003070015"
CARD_OF_FOREIGNER = "931101199003071237"

GOOD = [
    # The examples of the standard.
    (STANDARD, STANDARD),
    ("440524188001010014", "440524188001010014"),
    # As typed: case, spaces, hyphens, width.
    ("11010519491231002x", STANDARD),
    (" 11010519491231002X ", STANDARD),
    ("110105 19491231 002X", STANDARD),
    ("110105-19491231-002X", STANDARD),
    ("1101 0519 4912 3100 2X", STANDARD),
    ("１１０１０５１９４９１２３１００２Ｘ", STANDARD),
    ("１１０１０５１９４９１２３１００２ｘ", STANDARD),
    ("110105\u300019491231\u3000002X", STANDARD),
    ("110105\u00a019491231\u00a0002X", STANDARD),
    ("\t11010519491231002X\n", STANDARD),
    ("\u202d11010519491231002X\u202c", STANDARD),
    ("110105–19491231–002X", STANDARD),
    # Areas that other programs stumble over: new districts, dropped codes, any province of today.
    *((one, one) for one in (number(f"{area}20211001001") for area in (330113, 330114, 510191))),
    *((one, one) for one in (number(f"{area}19660315018") for area in (110103, 310103, 512926, 422201))),
    *(
        (one, one)
        for one in (
            number(f"{province}0102198507150{province % 10}{province // 10 % 10}")
            for province in (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44)
        )
    ),
    *(
        (one, one)
        for one in (
            number(f"{province}0102199807150{province % 10}{province // 10 % 10}")
            for province in (45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71)
        )
    ),
    # A number was registered late, in an area younger than the birth.
    (number("33011319500101001"), number("33011319500101001")),
    # Permits of Hong Kong, Macao and Taiwan, also of people born in 1990.
    (PERMIT, PERMIT),
    ("820000198511240022", "820000198511240022"),
    ("830000199208150039", "830000199208150039"),
    *((one, one) for one in (number(f"{area}000020001231{n:03d}") for area in (81, 82, 83) for n in (1, 2))),
    # The foreigner's permanent residence card since December 2023.
    (CARD_OF_FOREIGNER, CARD_OF_FOREIGNER),
    *((one, one) for one in (number(f"9{place}8401975060{n}123") for place in (11, 31, 44) for n in (1, 9))),
    # Leap days, first and last days.
    *((one, one) for one in (number(f"340104{day}001") for day in (
        "20000229", "19960229", "20240229", "19000101", "19491001", "19991231", "20000101", "20261115", "20261116",
    ))),
    # The oldest.
    *((one, one) for one in (number(f"340104{day}001") for day in ("18500101", "18991231", "19050607"))),
    # Fifteen digits become eighteen.
    ("110105491231002", STANDARD),
    ("110105 491231 002", STANDARD),
    ("１１０１０５４９１２３１００２", STANDARD),
    *((f"320311770706{n:03d}", number(f"32031119770706{n:03d}")) for n in (1, 2, 500, 995)),
    # Sequences 996 to 999 mark people born before 1900.
    *((f"440524800101{n}", number(f"44052418800101{n}")) for n in (996, 997, 998, 999)),
]  # fmt: skip

BAD = [
    # Nothing.
    *((text, "empty") for text in ("", " ", "\u3000", "\t\n", "-", "- -")),
    # No such length.
    *((STANDARD[:length], "shape") for length in range(1, 18) if length != 15),
    *((STANDARD + more, "shape") for more in ("1", "X", "12", "123456789")),
    ("1" * 50_000, "shape"),
    (" " * 50_000, "shape"),
    (STANDARD + " " * 100, "shape"),
    # Characters that do not belong there.
    *((STANDARD[:place] + "X" + STANDARD[place + 1 :], "shape") for place in range(17)),
    *((STANDARD[:17] + one, "shape") for one in "ABCYZ*x"[:6]),
    *((text, "shape") for text in (
        "11010519491231002×", "11010519491231002Х", "1101051949123100O2", "l1010519491231002X", "身份证11010519491231002X",
        "11010519491231002X'--", "110105.19491231.002X", "110105_19491231_002X", "+11010519491231002", "11010519491231002\x00",
        "1.10105194912E+17", "1.1010519491231E+17", "110105194912310000.0", "=11010519491231002X", "'11010519491231002X",
        "<11010519491231002X>", "११०१०५१९४९१२३१००२X", "一一〇一〇五一九四九一二三一〇〇二X", "null", "None", "H12345678",
        "12345678", "C1234567890", "A12345678", "13800138000", "6222021234567890123", "ABC123456789012", "11010549123100X",
        "①①0105194912310021", "1101051949123100²X", "\ud83d\ude00" * 9,
    )),
    # Check characters.
    *((one, "check") for one in wrong_check(STANDARD)),
    *((one, "check") for one in wrong_check(PERMIT)),
    *((one, "check") for one in wrong_check(CARD_OF_FOREIGNER)),
    *((STANDARD[:p] + STANDARD[p + 1] + STANDARD[p] + STANDARD[p + 2 :], "check") for p in (1, 4, 6, 7, 8, 9, 11, 12, 13, 15)),
    # Days that never were.
    *((number(f"340104{day}001"), "date") for day in (
        "19000229", "20010229", "20230229", "21000229", "19491301", "19490001", "19490100", "19490132", "19490431", "19490631",
        "19490931", "19491131", "19490230", "19499999", "00000000", "00010101", "18491231", "17000101", "99999999",
    )),
    ("340104000229011", "date"),  # 1900 was no leap year
    *((f"340104{day}001", "date") for day in ("491301", "490230", "490001", "490100")),
    # Births still to come.
    *((number(f"340104{day}001"), "future") for day in ("20261117", "20261201", "20270101", "20990101", "99991231")),
    # An area never begins with nought.
    *((number(f"0{n}010419900307001"), "area") for n in range(10)),
    ("010104900307001", "area"),
]  # fmt: skip
