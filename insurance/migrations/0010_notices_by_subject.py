from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insurance", "0009_credit_runs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["about_ref"], name="notice_by_about"),
        ),
    ]
