"""Indexes with which another one begins: each cost every new row a little, and answered nothing of its own."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.index_building import DropForeignKeyIndex


class Migration(migrations.Migration):
    # PostgreSQL drops an index beside writers in no transaction.
    atomic = False
    dependencies = [
        ("family", "0002_binding_limit_account"),
        ("insurance", "0012_no_index_twice"),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="binding",
            name="beneficiary",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="used_bindings",
                to="insurance.insuredperson",
                verbose_name="用钱的人",
            ),
        ),
        DropForeignKeyIndex(
            model_name="binding",
            name="giver",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="given_bindings",
                to="insurance.insuredperson",
                verbose_name="出钱的人",
            ),
        ),
        DropForeignKeyIndex(
            model_name="bindingevent",
            name="binding",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="family.binding",
                verbose_name="家庭共济关系",
            ),
        ),
        DropForeignKeyIndex(
            model_name="capuse",
            name="binding",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cap_uses",
                to="family.binding",
                verbose_name="家庭共济关系",
            ),
        ),
        DropForeignKeyIndex(
            model_name="consent",
            name="binding",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="family.binding",
                verbose_name="家庭共济关系",
            ),
        ),
        DropForeignKeyIndex(
            model_name="orderplace",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="places",
                to="family.orderversion",
                verbose_name="版本",
            ),
        ),
        DropForeignKeyIndex(
            model_name="orderversion",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="family.deductionorder",
                verbose_name="扣款顺序",
            ),
        ),
    ]
