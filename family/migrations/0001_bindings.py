import accounts.fields
import django.db.models.deletion
import insurance.fields
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("insurance", "0005_policy_work_and_stored_decisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Binding",
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
                        editable=False, max_length=24, unique=True, verbose_name="受理号"
                    ),
                ),
                ("initiator", models.CharField(max_length=12, verbose_name="提出的一方")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("spouse", "配偶（丈夫或妻子）"),
                            ("child", "子女"),
                            ("parent", "父母"),
                            ("sibling", "兄弟姐妹"),
                            ("paternal_grandparent", "祖父母（爷爷、奶奶）"),
                            ("maternal_grandparent", "外祖父母（姥爷、姥姥）"),
                            ("paternal_grandchild", "孙子女（儿子的孩子）"),
                            ("maternal_grandchild", "外孙子女（女儿的孩子）"),
                            ("parent_in_law", "配偶的父母（公婆、岳父母）"),
                            ("child_in_law", "儿媳、女婿"),
                        ],
                        max_length=24,
                        verbose_name="关系",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("commitment_letter", "个人承诺书"),
                            ("household_book", "户口簿"),
                            ("certificate", "结婚证、出生证等证明"),
                        ],
                        default="commitment_letter",
                        max_length=20,
                        verbose_name="凭什么",
                    ),
                ),
                (
                    "money_model",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("direct_debit", "看病时直接从出钱人的账户付"),
                            ("wallet_transfer", "先转到用钱人的医保钱包"),
                            ("limit", "出钱的人先划出一笔额度"),
                        ],
                        max_length=16,
                        verbose_name="付钱方式",
                    ),
                ),
                ("uses", models.JSONField(default=list, verbose_name="可以付什么")),
                (
                    "cap_month_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="每月最多"),
                ),
                (
                    "cap_bill_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="每次最多"),
                ),
                ("limit_fen", models.BigIntegerField(blank=True, null=True, verbose_name="额度")),
                ("limit_used_fen", models.BigIntegerField(default=0, verbose_name="已用额度")),
                ("from_day", models.DateField(verbose_name="起")),
                ("to_day", models.DateField(blank=True, null=True, verbose_name="止")),
                (
                    "shows_amounts",
                    models.BooleanField(default=False, verbose_name="试算时可以看到从我账户出多少"),
                ),
                (
                    "usable_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="从何时起可用"),
                ),
                (
                    "seat",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="名额"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等对方确认"),
                            ("with_staff", "等医保窗口核对"),
                            ("active", "可以使用"),
                            ("paused", "已暂停"),
                            ("suspended", "因登记情况变化停用"),
                            ("ending", "已停用，等正式结束"),
                            ("ended", "已结束"),
                            ("declined", "对方没有同意"),
                            ("withdrawn", "已撤回"),
                            ("lapsed", "过期没有确认"),
                            ("refused", "窗口没有通过"),
                        ],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="状态起于")),
                ("paused_by", models.CharField(blank=True, max_length=12, verbose_name="谁暂停的")),
                (
                    "staff_reason",
                    models.CharField(blank=True, max_length=40, verbose_name="为何要窗口核对"),
                ),
                ("formal_end", models.DateField(blank=True, null=True, verbose_name="正式结束日")),
                (
                    "reviewed_on",
                    models.DateField(blank=True, null=True, verbose_name="上次确认还对"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                (
                    "beneficiary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used_bindings",
                        to="insurance.insuredperson",
                        verbose_name="用钱的人",
                    ),
                ),
                (
                    "beneficiary_area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.poolingarea",
                        to_field="code",
                        verbose_name="用钱人的参保地",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.storeddecision",
                        verbose_name="所依据的决定",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_bindings",
                        to="insurance.insuredperson",
                        verbose_name="出钱的人",
                    ),
                ),
                (
                    "giver_area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.poolingarea",
                        to_field="code",
                        verbose_name="出钱人的参保地",
                    ),
                ),
            ],
            options={
                "verbose_name": "家庭共济关系",
                "verbose_name_plural": "家庭共济关系",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="BindingEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("propose", "提出"),
                            ("confirm", "同意"),
                            ("hand_over", "同意，转医保窗口核对"),
                            ("decline", "不同意"),
                            ("withdraw", "撤回"),
                            ("lapse", "过期"),
                            ("approve", "窗口通过"),
                            ("refuse", "窗口不通过"),
                            ("pause", "暂停"),
                            ("resume", "恢复"),
                            ("suspend", "停用"),
                            ("lift", "停用解除"),
                            ("change", "改限额或范围"),
                            ("end", "结束"),
                            ("finish", "正式结束"),
                            ("undo", "撤销刚才的结束"),
                        ],
                        max_length=12,
                        verbose_name="做了什么",
                    ),
                ),
                ("from_state", models.CharField(blank=True, max_length=12, verbose_name="原状态")),
                ("to_state", models.CharField(max_length=12, verbose_name="新状态")),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("giver", "出钱的人"),
                            ("beneficiary", "用钱的人"),
                            ("staff", "医保窗口"),
                            ("system", "本站按登记自动处理"),
                        ],
                        max_length=12,
                        verbose_name="哪一方",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "自己在网上"),
                            ("counter", "在医保窗口"),
                            ("phone", "电话"),
                            ("system", "本站自动"),
                        ],
                        max_length=8,
                        verbose_name="怎么办的",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40, verbose_name="原因")),
                ("details", models.JSONField(default=dict, verbose_name="内容")),
                ("happened_at", models.DateTimeField(verbose_name="时间")),
                (
                    "acted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经手人",
                    ),
                ),
                (
                    "binding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="family.binding",
                        verbose_name="家庭共济关系",
                    ),
                ),
            ],
            options={
                "verbose_name": "共济关系的经过",
                "verbose_name_plural": "共济关系的经过",
                "ordering": ["binding", "number"],
            },
        ),
        migrations.CreateModel(
            name="CapUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", insurance.fields.MonthField(verbose_name="月份")),
                ("used_fen", models.BigIntegerField(default=0, verbose_name="已用")),
                (
                    "binding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cap_uses",
                        to="family.binding",
                        verbose_name="家庭共济关系",
                    ),
                ),
            ],
            options={
                "verbose_name": "每月已用",
                "verbose_name_plural": "每月已用",
                "ordering": ["binding", "month"],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("giver", "出钱的人"),
                            ("beneficiary", "用钱的人"),
                            ("staff", "医保窗口"),
                            ("system", "本站按登记自动处理"),
                        ],
                        max_length=12,
                        verbose_name="哪一方",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "自己在网上"),
                            ("counter", "在医保窗口"),
                            ("phone", "电话"),
                            ("system", "本站自动"),
                        ],
                        max_length=8,
                        verbose_name="怎么办的",
                    ),
                ),
                ("letter", models.CharField(max_length=20, verbose_name="承诺书版本")),
                ("signed_name", accounts.fields.EncryptedTextField(verbose_name="签名")),
                ("given_at", models.DateTimeField(verbose_name="时间")),
                (
                    "acted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经手人",
                    ),
                ),
                (
                    "binding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="family.binding",
                        verbose_name="家庭共济关系",
                    ),
                ),
                (
                    "by_guardian",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.insuredperson",
                        verbose_name="监护人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insurance.insuredperson",
                        verbose_name="当事人",
                    ),
                ),
            ],
            options={
                "verbose_name": "同意记录",
                "verbose_name_plural": "同意记录",
                "ordering": ["binding", "side"],
            },
        ),
        migrations.CreateModel(
            name="DeductionOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="现用版本")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deduction_order",
                        to="insurance.insuredperson",
                        verbose_name="用钱的人",
                    ),
                ),
            ],
            options={
                "verbose_name": "扣款顺序",
                "verbose_name_plural": "扣款顺序",
                "ordering": ["person"],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("see_balance", "看我的余额和明细"),
                            ("see_years", "看我的缴费年限"),
                            ("act_family", "替我办家庭共济的事（不能花我的钱）"),
                        ],
                        max_length=12,
                        verbose_name="可以做什么",
                    ),
                ),
                ("from_day", models.DateField(verbose_name="起")),
                ("to_day", models.DateField(blank=True, null=True, verbose_name="止")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "自己在网上"),
                            ("counter", "在医保窗口"),
                            ("phone", "电话"),
                            ("system", "本站自动"),
                        ],
                        max_length=8,
                        verbose_name="怎么办的",
                    ),
                ),
                ("granted_at", models.DateTimeField(auto_now_add=True, verbose_name="授权时间")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="取消时间"),
                ),
                (
                    "revoked_by",
                    models.CharField(blank=True, max_length=12, verbose_name="谁取消的"),
                ),
                (
                    "acted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经手人",
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helps",
                        to="insurance.insuredperson",
                        verbose_name="帮忙的人",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="insurance.insuredperson",
                        verbose_name="本人",
                    ),
                ),
            ],
            options={
                "verbose_name": "代办和查看授权",
                "verbose_name_plural": "代办和查看授权",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Guardianship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("evidence", models.CharField(max_length=20, verbose_name="凭什么")),
                ("until", models.DateField(verbose_name="到成年为止")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guardians",
                        to="insurance.insuredperson",
                        verbose_name="孩子",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wards",
                        to="insurance.insuredperson",
                        verbose_name="监护人",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经手人",
                    ),
                ),
            ],
            options={
                "verbose_name": "监护关系",
                "verbose_name_plural": "监护关系",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("id_number", "身份证件号码"),
                            ("phone", "手机号"),
                            ("social_security_card", "社会保障卡号"),
                        ],
                        max_length=24,
                        verbose_name="种类",
                    ),
                ),
                (
                    "digest",
                    models.CharField(editable=False, max_length=64, verbose_name="查找摘要"),
                ),
                (
                    "key_version",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="密钥版本"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                ("name", accounts.fields.EncryptedTextField(verbose_name="对方姓名")),
                ("id_number", accounts.fields.EncryptedTextField(verbose_name="对方证件号码")),
                (
                    "said_scheme",
                    models.CharField(max_length=10, verbose_name="对方险种（本人所说）"),
                ),
                (
                    "said_area",
                    models.CharField(max_length=6, verbose_name="对方参保地（本人所说）"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="确认期限")),
                (
                    "announced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="通知时间"),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提醒时间"),
                ),
                (
                    "binding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
                        to="family.binding",
                        verbose_name="家庭共济关系",
                    ),
                ),
            ],
            options={
                "verbose_name": "共济邀请",
                "verbose_name_plural": "共济邀请",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="OrderVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("reason", models.CharField(max_length=20, verbose_name="因何")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "自己在网上"),
                            ("counter", "在医保窗口"),
                            ("phone", "电话"),
                            ("system", "本站自动"),
                        ],
                        max_length=8,
                        verbose_name="怎么办的",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "acted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经手人",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="family.deductionorder",
                        verbose_name="扣款顺序",
                    ),
                ),
            ],
            options={
                "verbose_name": "扣款顺序的版本",
                "verbose_name_plural": "扣款顺序的版本",
                "ordering": ["order", "number"],
            },
        ),
        migrations.CreateModel(
            name="OrderPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="第几")),
                (
                    "binding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="family.binding",
                        verbose_name="家庭共济关系",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="family.orderversion",
                        verbose_name="版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "顺序里的位置",
                "verbose_name_plural": "顺序里的位置",
                "ordering": ["version", "position"],
            },
        ),
        migrations.AddIndex(
            model_name="binding",
            index=models.Index(fields=["beneficiary", "state"], name="binding_by_beneficiary"),
        ),
        migrations.AddIndex(
            model_name="binding",
            index=models.Index(fields=["giver", "state"], name="binding_by_giver"),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("beneficiary")), _negated=True),
                name="binding_is_not_with_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["active", "ending", "paused", "suspended", "with_staff"]),
                        _negated=True,
                    ),
                    models.Q(("beneficiary__isnull", False), ("giver__isnull", False)),
                    _connector="OR",
                ),
                name="binding_in_force_has_two_sides",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("giver__isnull", False), ("initiator", "giver")),
                    models.Q(("beneficiary__isnull", False), ("initiator", "beneficiary")),
                    _connector="OR",
                ),
                name="binding_has_its_initiator",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "waiting",
                            "with_staff",
                            "active",
                            "paused",
                            "suspended",
                            "ending",
                            "ended",
                            "declined",
                            "withdrawn",
                            "lapsed",
                            "refused",
                        ],
                    )
                ),
                name="binding_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "relation__in",
                        [
                            "child",
                            "maternal_grandchild",
                            "maternal_grandparent",
                            "parent",
                            "paternal_grandchild",
                            "paternal_grandparent",
                            "sibling",
                            "spouse",
                        ],
                    )
                ),
                name="binding_is_between_near_relatives",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["active", "paused", "suspended"]), _negated=True),
                    models.Q(("money_model", ""), _negated=True),
                    _connector="OR",
                ),
                name="binding_in_force_has_money_model",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cap_month_fen", None), ("cap_month_fen__gt", 0), _connector="OR"),
                    models.Q(("cap_bill_fen", None), ("cap_bill_fen__gt", 0), _connector="OR"),
                ),
                name="binding_caps_are_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("limit_fen", None), ("limit_used_fen", 0)),
                    models.Q(
                        ("limit_fen__gt", 0),
                        ("limit_used_fen__gte", 0),
                        ("limit_used_fen__lte", models.F("limit_fen")),
                    ),
                    _connector="OR",
                ),
                name="binding_limit_covers_its_use",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_day", None), ("to_day__gte", models.F("from_day")), _connector="OR"
                ),
                name="binding_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paused"), _negated=True),
                    ("paused_by__in", ["giver", "beneficiary"]),
                    _connector="OR",
                ),
                name="binding_paused_has_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["active", "ending", "paused", "suspended", "with_staff"])
                ),
                fields=("giver", "beneficiary", "money_model"),
                name="binding_one_live_pair_per_model",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("seat__isnull", False),
                    (
                        "state__in",
                        [
                            "active",
                            "ending",
                            "paused",
                            "suspended",
                            "with_staff",
                        ],
                    ),
                ),
                fields=("giver", "seat"),
                name="binding_one_member_per_seat",
            ),
        ),
        migrations.AddConstraint(
            model_name="bindingevent",
            constraint=models.UniqueConstraint(
                fields=("binding", "number"), name="binding_event_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="capuse",
            constraint=models.UniqueConstraint(
                fields=("binding", "month"), name="cap_use_once_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="capuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_fen__gte", 0)), name="cap_use_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                fields=("binding", "side"), name="consent_once_per_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["giver", "beneficiary"])),
                name="consent_is_of_a_party",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner", models.F("helper")), _negated=True),
                name="grant_is_not_to_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_day", None), ("to_day__gte", models.F("from_day")), _connector="OR"
                ),
                name="grant_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("owner", "helper", "kind"),
                name="grant_one_live_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(("guardian", models.F("child")), _negated=True),
                name="guardianship_is_not_of_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("guardian", "child"),
                name="guardianship_recorded_once",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["digest"], name="invitation_by_digest"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["id_number"])), name="invitation_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderversion",
            constraint=models.UniqueConstraint(
                fields=("order", "number"), name="order_version_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderplace",
            constraint=models.UniqueConstraint(
                fields=("version", "position"), name="order_position_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderplace",
            constraint=models.UniqueConstraint(
                fields=("version", "binding"), name="order_payer_once"
            ),
        ),
        AppendOnly("family_bindingevent"),
        AppendOnly("family_consent"),
        AppendOnly("family_orderversion"),
        AppendOnly("family_orderplace"),
    ]
