import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insurance", "0007_refunds"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="registerfact",
            name="fact_once_per_start",
        ),
        migrations.AddField(
            model_name="registerfact",
            name="other_person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="insurance.insuredperson",
                verbose_name="另一人",
            ),
        ),
        migrations.AlterField(
            model_name="registerfact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("death", "去世"),
                    ("account_freeze", "账户冻结"),
                    ("settlement_suspension", "暂停联网结算"),
                    ("transfer_out", "医保关系转出"),
                    ("transfer_in", "医保关系转入"),
                    ("relation_ended", "亲属关系结束"),
                ],
                max_length=24,
                verbose_name="种类",
            ),
        ),
        migrations.AddConstraint(
            model_name="registerfact",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("withdrawn_at", None), models.Q(("kind", "relation_ended"), _negated=True)
                ),
                fields=("person", "kind", "from_day"),
                name="fact_once_per_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="registerfact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "relation_ended"), ("withdrawn_at", None)),
                fields=("person", "other_person"),
                name="fact_relation_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="registerfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "relation_ended"), ("other_person__isnull", False)),
                    models.Q(
                        models.Q(("kind", "relation_ended"), _negated=True), ("other_person", None)
                    ),
                    _connector="OR",
                ),
                name="fact_names_the_other_person_of_a_relation",
            ),
        ),
    ]
