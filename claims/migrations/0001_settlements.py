import accounts.fields
import django.db.models.deletion
import django.db.models.expressions
import insurance.fields
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("family", "0001_bindings"),
        ("insurance", "0005_policy_work_and_stored_decisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deduction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="第几")),
                ("month", insurance.fields.MonthField(verbose_name="月份")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                ("refunded_fen", models.BigIntegerField(default=0, verbose_name="已退")),
                ("from_limit", models.BooleanField(default=False, verbose_name="从额度里付")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.personalaccount",
                        verbose_name="账户",
                    ),
                ),
                (
                    "binding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deductions",
                        to="family.binding",
                        verbose_name="家庭共济关系",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.ledgerentry",
                        verbose_name="账目",
                    ),
                ),
            ],
            options={
                "verbose_name": "扣款",
                "verbose_name_plural": "扣款",
                "ordering": ["settlement", "position"],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="定点机构编码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("institution", "定点医疗机构"), ("pharmacy", "定点零售药店")],
                        max_length=12,
                        verbose_name="种类",
                    ),
                ),
                ("designated_from", models.DateField(verbose_name="定点起")),
                ("designated_to", models.DateField(blank=True, null=True, verbose_name="定点止")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.poolingarea",
                        to_field="code",
                        verbose_name="所在地",
                    ),
                ),
            ],
            options={
                "verbose_name": "定点机构",
                "verbose_name_plural": "定点机构",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="ProviderClerk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clerks",
                        to="claims.provider",
                        verbose_name="定点机构",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provider_clerk",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登录用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "定点机构收费人员",
                "verbose_name_plural": "定点机构收费人员",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ProviderKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="编号"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list, verbose_name="可以做什么")),
                ("issued_at", models.DateTimeField(auto_now_add=True, verbose_name="发放时间")),
                ("expires_at", models.DateTimeField(verbose_name="有效期至")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="停用时间"),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发放人",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="claims.provider",
                        verbose_name="定点机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "定点机构密钥",
                "verbose_name_plural": "定点机构密钥",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        editable=False, max_length=24, unique=True, verbose_name="退费号"
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="退费金额")),
                ("cash_fen", models.BigIntegerField(verbose_name="退现金")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "by_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.providerkey",
                        verbose_name="所用密钥",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收费人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "退费",
                "verbose_name_plural": "退费",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="RefundPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                (
                    "deduction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refund_parts",
                        to="claims.deduction",
                        verbose_name="扣款",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.ledgerentry",
                        verbose_name="账目",
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="claims.refund",
                        verbose_name="退费",
                    ),
                ),
            ],
            options={
                "verbose_name": "退给谁多少",
                "verbose_name_plural": "退给谁多少",
                "ordering": ["refund", "id"],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        editable=False, max_length=24, unique=True, verbose_name="结算号"
                    ),
                ),
                ("use", models.CharField(max_length=24, verbose_name="用途")),
                ("bill_no", models.CharField(max_length=64, verbose_name="单据号")),
                ("amount_fen", models.BigIntegerField(verbose_name="个人负担")),
                ("paid_fen", models.BigIntegerField(verbose_name="账户支付")),
                ("cash_fen", models.BigIntegerField(verbose_name="现金支付")),
                ("refunded_fen", models.BigIntegerField(default=0, verbose_name="已退")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "已占用，未扣款"),
                            ("settled", "已结算"),
                            ("voided", "已取消"),
                            ("expired", "占用过期"),
                        ],
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "order_version",
                    models.PositiveIntegerField(default=0, verbose_name="扣款顺序版本"),
                ),
                ("policies", models.JSONField(default=list, verbose_name="所依据的规则版本")),
                ("told", models.JSONField(default=list, verbose_name="每个付款人的经过")),
                (
                    "proxy_name",
                    accounts.fields.EncryptedTextField(blank=True, verbose_name="代买人姓名"),
                ),
                (
                    "proxy_id_number",
                    accounts.fields.EncryptedTextField(blank=True, verbose_name="代买人证件号码"),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="就诊时间")),
                ("settled_at", models.DateTimeField(verbose_name="结算时间")),
                ("held_until", models.DateTimeField(blank=True, null=True, verbose_name="占用到")),
                (
                    "by_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.providerkey",
                        verbose_name="所用密钥",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收费人员",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="insurance.insuredperson",
                        verbose_name="看病的人",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="claims.provider",
                        verbose_name="定点机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "结算",
                "verbose_name_plural": "结算",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="refund",
            name="settlement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="claims.settlement",
                verbose_name="结算",
            ),
        ),
        migrations.CreateModel(
            name="KeyedRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, verbose_name="幂等键")),
                ("verb", models.CharField(max_length=12, verbose_name="动作")),
                ("request_digest", models.CharField(editable=False, max_length=64)),
                ("status", models.PositiveSmallIntegerField(verbose_name="答复状态")),
                ("answer", models.TextField(verbose_name="答复")),
                ("answered_at", models.DateTimeField(verbose_name="时间")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.provider",
                        verbose_name="定点机构",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="claims.settlement",
                        verbose_name="结算",
                    ),
                ),
            ],
            options={
                "verbose_name": "带键的请求",
                "verbose_name_plural": "带键的请求",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="deduction",
            name="settlement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deductions",
                to="claims.settlement",
                verbose_name="结算",
            ),
        ),
        migrations.CreateModel(
            name="WalletTransfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        editable=False, max_length=24, unique=True, verbose_name="转账号"
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                ("returned_fen", models.BigIntegerField(default=0, verbose_name="已退回")),
                ("day", models.DateField(verbose_name="日期")),
                ("number", models.PositiveSmallIntegerField(verbose_name="当日第几次")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "binding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="family.binding",
                        verbose_name="家庭共济关系",
                    ),
                ),
                (
                    "in_entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.ledgerentry",
                        verbose_name="转入账目",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经手人",
                    ),
                ),
                (
                    "out_entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.ledgerentry",
                        verbose_name="转出账目",
                    ),
                ),
            ],
            options={
                "verbose_name": "钱包转账",
                "verbose_name_plural": "钱包转账",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="EVoucher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("shown_at", models.DateTimeField(verbose_name="显示时间")),
                ("expires_at", models.DateTimeField(verbose_name="有效期至")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="使用时间")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="insurance.insuredperson",
                        verbose_name="参保人",
                    ),
                ),
            ],
            options={
                "verbose_name": "医保码",
                "verbose_name_plural": "医保码",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["expires_at"], name="e_voucher_by_end")],
            },
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["institution", "pharmacy"])),
                name="provider_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("designated_to", None),
                    ("designated_to__gte", models.F("designated_from")),
                    _connector="OR",
                ),
                name="provider_designation_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="refundpart",
            constraint=models.UniqueConstraint(
                fields=("refund", "deduction"), name="refund_part_once_per_payer"
            ),
        ),
        migrations.AddConstraint(
            model_name="refundpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0)), name="refund_part_is_an_amount"
            ),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(
                fields=["provider", "settled_at"], name="settlement_by_provider_day"
            ),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["patient", "-settled_at"], name="settlement_by_patient"),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(
                condition=models.Q(("state", "held")),
                fields=["held_until"],
                name="settlement_held_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount_fen",
                        django.db.models.expressions.CombinedExpression(
                            models.F("paid_fen"), "+", models.F("cash_fen")
                        ),
                    ),
                    ("amount_fen__gt", 0),
                    ("cash_fen__gte", 0),
                    ("paid_fen__gte", 0),
                ),
                name="settlement_pays_the_bill",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refunded_fen__gte", 0), ("refunded_fen__lte", models.F("amount_fen"))
                ),
                name="settlement_refunds_no_more_than_the_bill",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["held", "settled", "voided", "expired"])),
                name="settlement_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "held"), _negated=True),
                    ("held_until__isnull", False),
                    _connector="OR",
                ),
                name="settlement_held_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["held", "settled"])),
                fields=("provider", "bill_no"),
                name="settlement_once_per_bill",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_fen__gt", 0),
                    ("cash_fen__gte", 0),
                    ("cash_fen__lte", models.F("amount_fen")),
                ),
                name="refund_is_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyedrequest",
            constraint=models.UniqueConstraint(
                fields=("provider", "key"), name="keyed_request_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="deduction",
            constraint=models.UniqueConstraint(
                fields=("settlement", "position"), name="deduction_once_per_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="deduction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_fen__gt", 0),
                    ("refunded_fen__gte", 0),
                    ("refunded_fen__lte", models.F("amount_fen")),
                ),
                name="deduction_refunds_no_more_than_it_took",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallettransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_fen__gt", 0),
                    ("returned_fen__gte", 0),
                    ("returned_fen__lte", models.F("amount_fen")),
                ),
                name="wallet_transfer_is_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallettransfer",
            constraint=models.UniqueConstraint(
                fields=("binding", "day", "number"), name="wallet_transfer_numbered_once_a_day"
            ),
        ),
        AppendOnly("claims_refund"),
        AppendOnly("claims_refundpart"),
        AppendOnly("claims_keyedrequest"),
    ]
