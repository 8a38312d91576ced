import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("insurance", "0004_import_counts_changed_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("together", models.JSONField(verbose_name="一起发布的版本")),
                ("world", models.CharField(max_length=64, verbose_name="运行环境摘要")),
                ("total", models.PositiveIntegerField(verbose_name="例子数")),
                ("failed", models.PositiveIntegerField(verbose_name="没有通过")),
                ("failures", models.JSONField(verbose_name="没有通过的例子")),
                ("ran_at", models.DateTimeField(auto_now_add=True, verbose_name="运行时间")),
                (
                    "ran_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="运行人",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="insurance.policyversion",
                        verbose_name="版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "例子运行结果",
                "verbose_name_plural": "例子运行结果",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("failed__lte", models.F("total"))),
                        name="policy_check_fails_no_more_than_it_ran",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("readings", models.CharField(max_length=64, verbose_name="说法摘要")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待处理"), ("settled", "已处理")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="处理说明")),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="处理时间"),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_tasks",
                        to="insurance.poolingarea",
                        to_field="code",
                        verbose_name="地区",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
            ],
            options={
                "verbose_name": "说法不一的待办",
                "verbose_name_plural": "说法不一的待办",
                "ordering": ["area", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "name", "readings"), name="policy_task_once_per_dispute"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("note", ""),
                                ("settled_at", None),
                                ("settled_by", None),
                                ("state", "open"),
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                ("state", "settled"),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="policy_task_settled_has_who_when_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="内部编号"
                    ),
                ),
                ("subject_kind", models.CharField(max_length=40, verbose_name="对象种类")),
                ("subject_ref", models.CharField(max_length=64, verbose_name="对象编号")),
                ("rule", models.CharField(max_length=30, verbose_name="规则")),
                ("area", models.CharField(max_length=6, verbose_name="地区")),
                ("on", models.DateField(verbose_name="按哪一天")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("yes", "可以"),
                            ("no", "不可以"),
                            ("staff_decides", "由窗口决定"),
                            ("unknown", "还不知道"),
                        ],
                        max_length=14,
                        verbose_name="结论",
                    ),
                ),
                ("told", models.JSONField(verbose_name="当时的答复")),
                ("versions", models.JSONField(verbose_name="所依据的规则版本")),
                ("kept_at", models.DateTimeField(auto_now_add=True, verbose_name="保存时间")),
                (
                    "kept_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经手人",
                    ),
                ),
            ],
            options={
                "verbose_name": "保存的决定",
                "verbose_name_plural": "保存的决定",
                "ordering": ["-kept_at", "-id"],
                "indexes": [
                    models.Index(
                        fields=["subject_kind", "subject_ref"], name="stored_decision_by_subject"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict__in", ["yes", "no", "staff_decides", "unknown"])
                        ),
                        name="stored_decision_has_a_known_verdict",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject_kind", ""), _negated=True),
                            models.Q(("subject_ref", ""), _negated=True),
                        ),
                        name="stored_decision_has_a_subject",
                    ),
                ],
            },
        ),
        AppendOnly("insurance_policycheck"),
        AppendOnly("insurance_storeddecision"),
    ]
