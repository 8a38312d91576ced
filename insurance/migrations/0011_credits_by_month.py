from django.db import migrations, models

from accounts.index_building import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("insurance", "0010_notices_by_subject"),
    ]

    operations = [
        AddIndexBeside(
            model_name="ledgerentry",
            index=models.Index(
                condition=models.Q(
                    ("kind__in", ["credit_employer_share", "credit_own", "credit_retiree"])
                ),
                fields=["for_month", "account"],
                name="ledger_credits_of_month",
            ),
        ),
    ]
