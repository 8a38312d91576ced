"""Posts a month's credits for everybody, and says who got none and why."""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from insurance import credits, money
from insurance.credit_plan import Answer
from insurance.credit_rows import ALREADY
from insurance.credit_words import REASONS
from insurance.models import InsuredPerson
from insurance.periods import Month, MonthError

UNUSABLE = 2
STOPPED = 130  # 128 and the number of SIGINT, as shells have it
# In both languages at once, as the reports of the imports.
HEADER = ("人员编号 person number", "原因代码 code", "原因 reason")


class Command(BaseCommand):
    help = "Post a month's credits for everybody by the rules of that month; run again it goes on and posts nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, help=_("月份，如 2026-10"))
        parser.add_argument("--dry-run", action="store_true", help=_("只算不记，什么也不写"))
        parser.add_argument("--report", type=Path, help=_("没有划入的人和原因写到哪里（CSV）"))
        parser.add_argument("--quiet", action="store_true", help=_("不显示进度"))

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["quiet"]
        try:
            month = Month.parse(options["month"])
            tally = self._look(month, None) if options["dry_run"] else self._post(month)
            if options["report"]:
                self._report(month, options["report"])
        except MonthError:
            raise CommandError(_("月份要写成 2026-10"), returncode=UNUSABLE) from None
        except credits.MonthToCome:
            raise CommandError(_("这个月还没有到"), returncode=UNUSABLE) from None
        except OSError as error:
            reason = _("不能写报告：%(reason)s") % {"reason": error.strerror}
            raise CommandError(reason, returncode=UNUSABLE) from None
        except KeyboardInterrupt:
            self.stderr.write(_("已停止。再运行一次同样的命令会接着办，不会重复划入。"))
            sys.exit(STOPPED)
        self._conclude(tally)

    def _post(self, month: Month) -> credits.Tally:
        run = credits.begin(month=month)
        with self._bar(done=InsuredPerson.objects.filter(pk__lte=run.last_person).count()) as bar:
            for people in credits.post_all(run):
                bar.update(people)
        run.refresh_from_db()
        return credits.tally_of(run)

    def _look(self, month: Month, write: Any) -> credits.Tally:
        """The counts of what a run would do now; `write` gets a row for everybody who gets nothing."""
        tally = credits.Tally()
        for number, answer in self._answers(month):
            tally.count(answer)
            if write and answer.reason not in {"", ALREADY}:
                write((number, answer.reason, REASONS.get(answer.reason, "")))
        return tally

    def _answers(self, month: Month) -> Iterator[tuple[str, Answer]]:
        with self._bar() as bar:
            for answers in credits.look(month=month):
                yield from answers
                bar.update(len(answers))

    def _report(self, month: Month, path: Path) -> None:
        """A pass of its own after the posting: whole, however often the run was stopped, and never half a file."""
        part = path.with_name(path.name + ".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # With a byte order mark: spreadsheets then show Chinese.
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            write = csv.writer(file).writerow
            write(HEADER)
            self._look(month, write)
        os.replace(part, path)

    def _bar(self, done: int = 0) -> "tqdm[Any]":
        """Nothing where nobody watches: it would fill a log."""
        total = InsuredPerson.objects.count()
        hidden = self.quiet or not sys.stderr.isatty()
        return tqdm(total=total, initial=done, unit=_("人"), disable=hidden)

    def _conclude(self, tally: credits.Tally) -> None:
        self.stdout.write(
            _("划入 %(credited)d 人，共 %(sum)s；早已划入 %(same)d 人；没有划入 %(none)d 人。")
            % {
                "credited": tally.credited,
                "sum": money.yuan(tally.amount_fen),
                "same": tally.same,
                "none": tally.reasons.total(),
            }
        )
        for code, count in tally.reasons.most_common():
            self.stdout.write(f"  {count}  {code}  {REASONS.get(code, '')}")
