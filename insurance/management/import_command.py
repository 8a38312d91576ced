"""What the three import commands share: arguments, progress, the closing words and the exit code."""

import argparse
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from insurance.imports import report as reports
from insurance.imports.items import ItemImporter, Tally
from insurance.imports.lines import LineImporter
from insurance.imports.progress import Progress
from insurance.imports.run import run
from insurance.imports.source import AUTO, ENCODINGS, Source, SourceError, open_source

SOME_BAD = 1
UNUSABLE = 2
STOPPED = 130  # 128 and the number of SIGINT, as shells have it


class ImportCommand(BaseCommand):
    """Exit code 0: every line is taken; 1: some lines are bad; 2: the call or the file can't be used; 130: stopped."""

    importer: Callable[[], ItemImporter | LineImporter]
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", help=_("CSV 文件；列名和写法见 docs/imports.md"))
        parser.add_argument("--strict", action="store_true", help=_("只要有一行有误就一行也不登记"))
        parser.add_argument("--report", help=_("有误的行写到哪里；默认是文件名加 .bad.csv"))
        parser.add_argument(
            "--encoding", choices=ENCODINGS, default=AUTO, help=_("文件编码；默认自动识别")
        )
        parser.add_argument("--quiet", action="store_true", help=_("不显示进度"))

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        report_path = Path(options["report"] or f"{path}{reports.SUFFIX}")
        importer = self.importer()
        try:
            source = open_source(path, options["encoding"], importer.columns)
            report = reports.Report(report_path, source.layout, source=path)
            tally = self._run(importer, source, report, options)
        except SourceError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from None
        except DatabaseError as error:
            # Only the kind of error: a database quotes the values that it refuses.
            reason = _("数据库出错（%(kind)s）；再运行一次会接着导入") % {
                "kind": type(error).__name__
            }
            raise CommandError(reason, returncode=UNUSABLE) from None
        except KeyboardInterrupt:
            self.stderr.write(_("已停止。再运行一次同样的命令会接着导入，已登记的行不会重复。"))
            sys.exit(STOPPED)
        finally:
            importer.close()
        if report.finish():
            self.stdout.write(_("有误和提醒的行：%(path)s") % {"path": report_path})
        self._conclude(tally, strict=options["strict"])

    def _run(
        self,
        importer: ItemImporter | LineImporter,
        source: Source,
        report: reports.Report,
        options: dict[str, Any],
    ) -> Tally:
        progress = Progress(source.line_count, quiet=options["quiet"])
        # Lines come and go by thousands: the collector need not walk all of Django for them each time.
        gc.freeze()
        try:
            return run(importer, source, report=report, progress=progress, strict=options["strict"])
        except BaseException:
            report.discard()
            raise
        finally:
            gc.unfreeze()
            progress.close()

    def _conclude(self, tally: Tally, *, strict: bool) -> None:
        self.stdout.write(
            _(
                "新增 %(new)d 行，更新 %(changed)d 行，已有 %(same)d 行，有误 %(bad)d 行，提醒 %(warned)d 行。"
            )
            % vars(tally)
        )
        if tally.bad:
            if strict:
                self.stdout.write(_("有误的行改好之前，一行也没有登记。"))
            sys.exit(SOME_BAD)
