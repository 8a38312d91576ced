import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("family", "0001_bindings"),
        ("insurance", "0001_register_and_ledger"),
    ]

    operations = [
        migrations.AddField(
            model_name="binding",
            name="limit_account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="insurance.personalaccount",
                verbose_name="划出额度的账户",
            ),
        ),
    ]
