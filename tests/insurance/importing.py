"""Runs the import commands as an agency would, and reads what they left behind."""

import csv
import io
from dataclasses import dataclass

from django.core.management import CommandError, call_command

from tests.factories.insurance import make_id_number

REGISTER = "psn_no,psn_name,psn_cert_type,certno,tel,social_security_card,gend,brdy,insu_admdvs,insutype,psn_type,start,end"
CONTRIBUTIONS = (
    "psn_no,area,insutype,kind,status,from_month,to_month,base,own_amount,payer,paid_on,source_ref"
)
LEDGER = "psn_no,part,area,kind,amount,for_month,posted_at,place,used_by,reverses,source_ref"


@dataclass
class Outcome:
    code: int
    out: str
    error: str
    report: list[dict[str, str]]

    @property
    def problems(self):
        """(line, column, problem) of each row of the report, in the words of the file."""
        return [
            (int(row["行号 line"]), row["列 column"], row["问题 problem"]) for row in self.report
        ]


def write(folder, *lines, name="file.csv", encoding="utf-8", end="\n"):
    path = folder / name
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def run(kind, path, **options):
    out, error = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(f"import_{kind}", str(path), quiet=True, stdout=out, stderr=error, **options)
    except SystemExit as stop:
        code = stop.code
    except CommandError as refusal:
        code = refusal.returncode
        error.write(str(refusal))
    return Outcome(code, out.getvalue(), error.getvalue(), read_report(f"{path}.bad.csv"))


def read_report(path):
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        return []


def import_lines(kind, folder, *lines, header=None, **options):
    """A file of these lines under the usual header."""
    header = (
        header or {"register": REGISTER, "contributions": CONTRIBUTIONS, "ledger": LEDGER}[kind]
    )
    return run(kind, write(folder, header, *lines), **options)


def register_line(number=1, **cells):
    """A good line of the register; every cell can be put another way."""
    values = {
        "psn_no": f"R{number:04d}",
        "psn_name": "王小明",
        "psn_cert_type": "01",
        "certno": make_id_number(area="340000", born="19850101", sequence=number),
        "tel": f"154{number:08d}",
        "social_security_card": f"Z{number:08d}",
        "gend": "1" if number % 2 else "2",
        "brdy": "1985-01-01",
        "insu_admdvs": "340100",
        "insutype": "310",
        "psn_type": "11",
        "start": "2010-07-01",
        "end": "",
    }
    return ",".join((values | cells).values())


def contribution_line(number=1, **cells):
    values = {
        "psn_no": "R0001",
        "area": "340100",
        "insutype": "310",
        "kind": "实际缴费",
        "status": "已缴",
        "from_month": "2026-01",
        "to_month": "2026-06",
        "base": "8000.00",
        "own_amount": "160.00",
        "payer": "样例厂",
        "paid_on": "2026-07-01",
        "source_ref": f"C{number}",
    }
    return ",".join((values | cells).values())


def ledger_line(number=1, **cells):
    values = {
        "psn_no": "R0001",
        "part": "",
        "area": "340100",
        "kind": "个人缴费划入",
        "amount": "160.00",
        "for_month": "2026-01",
        "posted_at": f"2026-01-{number:02d} 09:00",
        "place": "",
        "used_by": "",
        "reverses": "",
        "source_ref": f"L{number}",
    }
    return ",".join((values | cells).values())
