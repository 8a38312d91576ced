"""What a demo person and a demo member of staff are. Everything about them is invented, and fixed.

Their numbers are well formed and belong to nobody: an identity number is issued by a county, and these carry a province's code
(or the sequence 000, which no office gives out); no operator has the 154 range.
"""

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
