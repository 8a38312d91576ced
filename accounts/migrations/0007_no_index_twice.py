"""Indexes with which another one begins: each cost every new row a little, and answered nothing of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.index_building import DropForeignKeyIndex


class Migration(migrations.Migration):
    # PostgreSQL drops an index beside writers in no transaction.
    atomic = False
    dependencies = [
        ("accounts", "0006_providers_have_clerks"),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="auditentry",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="操作人",
            ),
        ),
        DropForeignKeyIndex(
            model_name="draft",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        DropForeignKeyIndex(
            model_name="knowndevice",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="known_devices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        DropForeignKeyIndex(
            model_name="signin",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sign_ins",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
