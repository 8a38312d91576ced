"""Indexes with which another one begins: each cost every new row a little, and answered nothing of its own."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.index_building import DropForeignKeyIndex


class Migration(migrations.Migration):
    # PostgreSQL drops an index beside writers in no transaction.
    atomic = False
    dependencies = [
        ("insurance", "0011_credits_by_month"),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="contributionperiod",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contributions",
                to="insurance.insuredperson",
                verbose_name="参保人",
            ),
        ),
        DropForeignKeyIndex(
            model_name="enrolment",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="enrolments",
                to="insurance.insuredperson",
                verbose_name="参保人",
            ),
        ),
        DropForeignKeyIndex(
            model_name="ledgerentry",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="insurance.personalaccount",
                verbose_name="账户",
            ),
        ),
        DropForeignKeyIndex(
            model_name="notice",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="insurance.insuredperson",
                verbose_name="参保人",
            ),
        ),
        DropForeignKeyIndex(
            model_name="policycitation",
            name="value",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="citations",
                to="insurance.policyvalue",
                verbose_name="规则值",
            ),
        ),
        DropForeignKeyIndex(
            model_name="policytask",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="policy_tasks",
                to="insurance.poolingarea",
                to_field="code",
                verbose_name="地区",
            ),
        ),
        DropForeignKeyIndex(
            model_name="policyvalue",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="values",
                to="insurance.policyversion",
                verbose_name="版本",
            ),
        ),
        DropForeignKeyIndex(
            model_name="policyversion",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="policy_versions",
                to="insurance.poolingarea",
                to_field="code",
                verbose_name="地区",
            ),
        ),
    ]
