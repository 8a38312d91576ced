from django.db import migrations

from accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_logins_and_visitors_book")]

    operations = [AppendOnly("accounts_auditentry"), AppendOnly("accounts_seal")]
