"""Everybody of the demo world, as `demo_cast` prints them."""

from collections.abc import Iterator

from accounts.roles import Role
from config.demo import providers
from config.demo.kinds import PASSWORD, DemoStaff
from config.demo.people import PEOPLE

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
    DemoStaff(
        "cashier",
        "秦收",
        Role.PROVIDER_CLERK,
        "定点医院的收费人员：认人、试算、结算、当天退费",
        "19870707",
        "267",
        107,
        "IFZWQYLSMVXGKZLTIFZWQYLSMVXGKZLT",
    ),
)


def everybody() -> list[dict[str, object]]:
    """What `demo_cast --json` prints: the people, then the providers with the keys of their machines."""
    return [*demo_people(), *providers.described()]


def demo_people() -> list[dict[str, object]]:
    """Whoever has a number; the first one has all three identifiers."""
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
