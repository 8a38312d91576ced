from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_no_index_twice")]

    operations = [
        migrations.AddField(
            model_name="smsmessage",
            name="tried_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="上次发送的时间"),
        ),
    ]
