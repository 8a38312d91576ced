import insurance.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insurance", "0008_relations_end"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", insurance.fields.MonthField(verbose_name="月份")),
                ("day", models.DateField(verbose_name="按哪天的规则")),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="开始")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
                ("last_person", models.BigIntegerField(default=0, verbose_name="办到哪一人")),
                ("credited", models.PositiveIntegerField(default=0, verbose_name="划入人数")),
                ("amount_fen", models.BigIntegerField(default=0, verbose_name="划入金额（分）")),
                ("same", models.PositiveIntegerField(default=0, verbose_name="早已划入")),
                ("not_credited", models.JSONField(default=dict, verbose_name="没有划入的原因")),
                ("versions", models.JSONField(default=list, verbose_name="规则版本")),
            ],
            options={
                "verbose_name": "每月划入",
                "verbose_name_plural": "每月划入",
                "ordering": ["-month"],
                "constraints": [
                    models.UniqueConstraint(fields=("month",), name="credit_run_once_a_month"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gte", 0), ("last_person__gte", 0)),
                        name="credit_run_counts_upwards",
                    ),
                ],
            },
        ),
    ]
