"""Indexes with which another one begins: each cost every new row a little, and answered nothing of its own."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.index_building import DropForeignKeyIndex


class Migration(migrations.Migration):
    # PostgreSQL drops an index beside writers in no transaction.
    atomic = False
    dependencies = [
        ("claims", "0003_verification_runs"),
        ("family", "0003_no_index_twice"),
        ("insurance", "0012_no_index_twice"),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="deduction",
            name="settlement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deductions",
                to="claims.settlement",
                verbose_name="结算",
            ),
        ),
        DropForeignKeyIndex(
            model_name="keyedrequest",
            name="provider",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.provider",
                verbose_name="定点机构",
            ),
        ),
        DropForeignKeyIndex(
            model_name="refundpart",
            name="refund",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="claims.refund",
                verbose_name="退费",
            ),
        ),
        DropForeignKeyIndex(
            model_name="settlement",
            name="patient",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settlements",
                to="insurance.insuredperson",
                verbose_name="看病的人",
            ),
        ),
        DropForeignKeyIndex(
            model_name="settlement",
            name="provider",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settlements",
                to="claims.provider",
                verbose_name="定点机构",
            ),
        ),
        DropForeignKeyIndex(
            model_name="wallettransfer",
            name="binding",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transfers",
                to="family.binding",
                verbose_name="家庭共济关系",
            ),
        ),
    ]
