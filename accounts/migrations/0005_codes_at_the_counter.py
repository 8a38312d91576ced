from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_evidence_is_kept_encrypted"),
    ]

    operations = [
        migrations.AlterField(
            model_name="onetimecode",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("sign_in", "登录"),
                    ("sign_up", "首次登录"),
                    ("reset", "重设密码"),
                    ("change_phone", "更换手机号"),
                    ("counter", "在窗口办理"),
                ],
                max_length=16,
            ),
        ),
    ]
