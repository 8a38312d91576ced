"""The people of the demo world. Everything about them is invented, and fixed.

Their numbers are well formed and belong to nobody: an identity number is issued by a county, and these carry a province's code
(or the sequence 000, which no office gives out); no operator has the 154 range.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from accounts.id_number import check_character
from accounts.roles import Role

DAY = date(2026, 11, 21)
PASSWORD = "Qingshan-Lvshui-88"


def id_number(area: str, born: str, sequence: str) -> str:
    """Area and sequence as above, born YYYYMMDD."""
    seventeen = area + born + sequence
    return seventeen + check_character(seventeen)


@dataclass(frozen=True)
class DemoPerson:
    """`history` names the builder in `config.demo.histories`; `area` is where the person is insured now."""

    key: str
    name: str
    area: str
    shows: str
    sex: str
    born: str
    certificate: str = "01"
    id_area: str = ""
    sequence: str = ""
    phone_tail: int = 0
    card: str = ""
    history: str = ""
    can_sign_in: bool = True
    person_type: str = "in_service"
    scheme: str = "employee"
    tier: str = ""
    has_account: bool = True
    employer: str = ""
    options: dict[str, int] = field(default_factory=dict)

    @property
    def role(self) -> str:
        return Role.CITIZEN

    @property
    def id_number(self) -> str:
        return id_number(self.id_area or self.area[:2] + "0000", self.born, self.sequence)

    @property
    def phone(self) -> str:
        return f"154000{self.phone_tail:05d}" if self.phone_tail else ""

    @property
    def birth_date(self) -> date:
        return date(int(self.born[:4]), int(self.born[4:6]), int(self.born[6:]))


@dataclass(frozen=True)
class DemoStaff:
    key: str
    name: str
    role: str
    shows: str
    born: str
    sequence: str
    phone_tail: int
    totp_secret: str

    @property
    def id_number(self) -> str:
        return id_number("210000", self.born, self.sequence)

    @property
    def phone(self) -> str:
        return f"154000{self.phone_tail:05d}"


PEOPLE = (
    DemoPerson(
        "zhang",
        "张建国",
        "210200",
        "在职，有划入、看病、家人使用和为家人预留；三种标识都能登录",
        "male",
        "19710812",
        sequence="013",
        phone_tail=1,
        card="D20010001",
        history="in_service",
        employer="大连海燕机械有限公司",
        options={"years": 18, "base_fen": 823450},
    ),
    DemoPerson(
        "wang",
        "王秀芳",
        "110000",
        "退休，每月定额划入",
        "female",
        "19540305",
        sequence="024",
        phone_tail=2,
        card="B10010002",
        history="retired",
        person_type="retired",
    ),
    DemoPerson(
        "chen",
        "陈晓东",
        "510100",
        "灵活就业，自己缴费，有断缴和欠缴",
        "male",
        "19880620",
        sequence="031",
        phone_tail=3,
        card="C51010003",
        history="flexible",
        person_type="flexible",
    ),
    DemoPerson(
        "liu",
        "刘桂兰",
        "341600",
        "居民医保，没有个人账户",
        "female",
        "19620915",
        sequence="042",
        phone_tail=4,
        card="A34010004",
        person_type="resident",
        scheme="resident",
        has_account=False,
        history="resident",
    ),
    DemoPerson(
        "zhao",
        "赵明",
        "320100",
        "账户余额为零，钱已用完",
        "male",
        "19850703",
        sequence="055",
        phone_tail=5,
        card="S32010005",
        history="used_up",
        employer="南京紫金软件有限公司",
        options={"years": 3, "base_fen": 650000},
    ),
    DemoPerson(
        "huang",
        "黄志远",
        "450100",
        "账户冻结，并被暂停联网结算",
        "male",
        "19790228",
        sequence="067",
        phone_tail=6,
        card="G45010006",
        history="frozen",
        employer="南宁青秀商贸有限公司",
        options={"years": 6, "base_fen": 520000},
    ),
    DemoPerson(
        "ma",
        "马文斌",
        "310000",
        "从甘肃转到上海，年限合并计算，有一段两地重复",
        "male",
        "19820411",
        sequence="073",
        phone_tail=7,
        card="H31010007",
        history="moved",
        employer="上海浦江物流有限公司",
        id_area="620000",
    ),
    DemoPerson(
        "sun",
        "孙玉梅",
        "330100",
        "四十年缴费，含视同缴费；当年账户和历年账户分开",
        "female",
        "19661118",
        sequence="088",
        phone_tail=8,
        card="Z33010008",
        history="forty_years",
        employer="杭州第一丝织厂",
    ),
    DemoPerson(
        "zhou",
        "周立新",
        "440300",
        "一万条账目",
        "male",
        "19750123",
        sequence="091",
        phone_tail=9,
        card="Y44010009",
        history="ten_thousand",
        employer="深圳南山电子有限公司",
    ),
    DemoPerson(
        "li",
        "李梅",
        "210200",
        "两个字的姓名；可以和张建国试家庭共济",
        "female",
        "19730526",
        sequence="102",
        phone_tail=10,
        card="D20010010",
        history="in_service",
        employer="大连市第八小学",
        options={"years": 8, "base_fen": 712000},
    ),
    DemoPerson(
        "abdulla",
        "阿卜杜拉·买买提",
        "620100",
        "少数民族姓名，带间隔号",
        "male",
        "19900317",
        sequence="115",
        phone_tail=11,
        card="L62010011",
        history="in_service",
        employer="兰州黄河运输有限公司",
        options={"years": 5, "base_fen": 480000},
    ),
    DemoPerson(
        "wu",
        "吴𬱖",
        "440100",
        "姓名里有生僻字；门诊共济改革后单位划入停止",
        "female",
        "19841209",
        sequence="126",
        phone_tail=12,
        card="Y44010012",
        history="reform",
        employer="广州珠江设计院",
        options={"years": 9, "base_fen": 905000},
    ),
    DemoPerson(
        "lin",
        "林淑惠",
        "310000",
        "台湾居民居住证",
        "female",
        "19870401",
        certificate="06",
        id_area="830000",
        sequence="000",
        phone_tail=13,
        card="H31010013",
        history="in_service",
        employer="上海台商电子有限公司",
        options={"years": 4, "base_fen": 1100000},
    ),
    DemoPerson(
        "smith",
        "Anna Smith",
        "110000",
        "外国人永久居留身份证",
        "female",
        "19810930",
        certificate="07",
        id_area="900840",
        sequence="000",
        phone_tail=14,
        card="B10010014",
        history="in_service",
        employer="北京国际学校",
        options={"years": 3, "base_fen": 1500000},
    ),
    DemoPerson(
        "gao1",
        "高德顺",
        "450100",
        "和老伴共用一个手机号（户主）",
        "male",
        "19500110",
        sequence="133",
        phone_tail=15,
        card="G45010015",
        history="retired",
        person_type="retired",
    ),
    DemoPerson(
        "gao2",
        "何秀英",
        "450100",
        "和老伴共用一个手机号，用手机号登录要再填一个证件号",
        "female",
        "19520722",
        sequence="144",
        phone_tail=15,
        card="G45010016",
        history="retired",
        person_type="retired",
    ),
    DemoPerson(
        "tang",
        "唐小雨",
        "440300",
        "深圳二档，没有个人账户",
        "female",
        "19990808",
        sequence="152",
        phone_tail=17,
        card="Y44010017",
        history="no_account_tier",
        tier="二档",
        has_account=False,
        employer="深圳宝安玩具厂",
    ),
    DemoPerson(
        "qian",
        "钱一凡",
        "320100",
        "已登记但还没开通登录：可以用来试首次登录",
        "male",
        "19950214",
        sequence="163",
        phone_tail=18,
        card="S32010018",
        history="in_service",
        can_sign_in=False,
        employer="南京长江印务有限公司",
        options={"years": 2, "base_fen": 560000},
    ),
    DemoPerson(
        "xu",
        "徐国栋",
        "210200",
        "已去世，不能登录",
        "male",
        "19480606",
        sequence="177",
        phone_tail=19,
        card="D20010019",
        history="died",
        can_sign_in=False,
        person_type="retired",
    ),
    DemoPerson(
        "deng",
        "邓阿婆",
        "440100",
        "登记里没有手机号：要到窗口领一次性凭条",
        "female",
        "19450819",
        sequence="184",
        card="Y44010020",
        history="retired",
        can_sign_in=False,
        person_type="retired",
    ),
)

STAFF = (
    DemoStaff(
        "clerk",
        "郑窗",
        Role.WINDOW_CLERK,
        "窗口：按证件号查找参保人，发一次性凭条",
        "19860101",
        "201",
        101,
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    ),
    DemoStaff(
        "editor1",
        "冯策",
        Role.POLICY_EDITOR,
        "政策编辑一：起草",
        "19830202",
        "212",
        102,
        "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU",
    ),
    DemoStaff(
        "editor2",
        "蒋规",
        Role.POLICY_EDITOR,
        "政策编辑二：复核并发布",
        "19840303",
        "223",
        103,
        "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK",
    ),
    DemoStaff(
        "system",
        "沈系",
        Role.SYSTEM_ADMIN,
        "系统管理员：开通和停用工作人员登录",
        "19800404",
        "234",
        104,
        "NBSWY3DPO5XXE3DENBSWY3DPO5XXE3DE",
    ),
    DemoStaff(
        "security",
        "韩安",
        Role.SECURITY_ADMIN,
        "安全管理员：查看和解除登录限制",
        "19810505",
        "245",
        105,
        "ONSWG4TFOQYTEMZUONSWG4TFOQYTEMZU",
    ),
    DemoStaff(
        "audit",
        "杨审",
        Role.AUDIT_ADMIN,
        "审计管理员：查看和校验审计记录",
        "19820606",
        "256",
        106,
        "PFXXKZDPMFZGK43FPFXXKZDPMFZGK43F",
    ),
)


def demo_people() -> list[dict[str, object]]:
    """What `demo_cast --json` prints; the first one has all three identifiers."""
    return [*_citizens(), *_staff()]


def _citizens() -> Iterator[dict[str, object]]:
    for person in PEOPLE:
        yield {
            "key": person.key,
            "name": person.name,
            "role": str(person.role),
            "can_sign_in": person.can_sign_in,
            "id_number": person.id_number,
            "phone": person.phone or None,
            "social_security_card": person.card or None,
            "password": PASSWORD if person.can_sign_in else None,
            "area": person.area,
            "shows": person.shows,
        }


def _staff() -> Iterator[dict[str, object]]:
    for member in STAFF:
        yield {
            "key": member.key,
            "name": member.name,
            "role": str(member.role),
            "can_sign_in": True,
            "id_number": member.id_number,
            "phone": member.phone,
            "social_security_card": None,
            "password": PASSWORD,
            "area": None,
            "shows": member.shows,
            "totp_secret": member.totp_secret,
        }
