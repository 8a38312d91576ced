from django.db import migrations

from accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("insurance", "0001_register_and_ledger"),
        ("accounts", "0002_log_only_grows"),
    ]

    operations = [AppendOnly("insurance_ledgerentry")]
