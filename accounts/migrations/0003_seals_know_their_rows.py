from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_log_only_grows"),
    ]

    operations = [
        migrations.AddField(
            model_name="seal",
            name="row_macs",
            field=models.BinaryField(null=True, verbose_name="各条校验"),
        ),
    ]
