from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insurance", "0003_policies")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="changed",
            field=models.PositiveIntegerField(default=0, verbose_name="更新"),
        ),
    ]
