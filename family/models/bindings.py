"""A binding: whose account pays for whom, how far, and what became of it."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField
from accounts.models import Identifier
from accounts.models.identifiers import IdentifierQuerySet
from family import words
from family.moves import IN_FORCE, LIVE, OPEN, Side, State
from family.relations import NEAR_RELATIVES
from insurance.fields import MonthField
from insurance.models import InsuredPerson, PersonalAccount, PoolingArea, StoredDecision

# Migrations keep constraints as plain text, not as members of today's enumerations.
_LIVE = sorted(str(one) for one in LIVE)
_IN_FORCE = sorted(str(one) for one in IN_FORCE)
_NEAR = sorted(str(one) for one in NEAR_RELATIVES)
# What files, notices and the visitors' book call a binding.
SUBJECT = "family.binding"
_GIVER, _BENEFICIARY = str(Side.GIVER), str(Side.BENEFICIARY)


class MoneyModel(models.TextChoices):
    """Domain facts §2.4; by area and day."""

    DIRECT_DEBIT = "direct_debit", _("看病时直接从出钱人的账户付")
    WALLET_TRANSFER = "wallet_transfer", _("先转到用钱人的医保钱包")
    LIMIT = "limit", _("出钱的人先划出一笔额度")


class Evidence(models.TextChoices):
    COMMITMENT_LETTER = "commitment_letter", _("个人承诺书")
    HOUSEHOLD_BOOK = "household_book", _("户口簿")
    CERTIFICATE = "certificate", _("结婚证、出生证等证明")


class Channel(models.TextChoices):
    WEB = "web", _("自己在网上")
    COUNTER = "counter", _("在医保窗口")
    PHONE = "phone", _("电话")
    SYSTEM = "system", _("本站自动")


class BindingQuerySet(models.QuerySet["Binding"]):
    def open(self) -> "BindingQuerySet":
        return self.filter(state__in=OPEN)

    def live(self) -> "BindingQuerySet":
        return self.filter(state__in=LIVE)

    def in_force(self) -> "BindingQuerySet":
        return self.filter(state__in=IN_FORCE)

    def on_day(self, day: date) -> "BindingQuerySet":
        return self.filter(from_day__lte=day).filter(Q(to_day=None) | Q(to_day__gte=day))

    def of(self, person_id: int) -> "BindingQuerySet":
        """Of either side. Somebody who was invited and has not answered is no side yet."""
        return self.filter(Q(giver=person_id) | Q(beneficiary=person_id))

    def given_by(self, person_id: int) -> "BindingQuerySet":
        return self.filter(giver=person_id)

    def used_by(self, person_id: int) -> "BindingQuerySet":
        return self.filter(beneficiary=person_id)


class Binding(models.Model):
    """Money is fen; None is no cap. The invited side is None until its person has confirmed.

    `relation` is what the beneficiary is to the giver. `uses` are codes of spending (domain facts §1.2). `limit_fen` belongs
    to the limit model alone: while the binding is in force, so much is reserved in `limit_account`, less what was used.
    `usable_from` ends the time between the second consent and the first deduction. `seat` numbers the giver's members where
    the place has a cap. `version` goes up with every move: a page that shows an older one is stale.
    """

    reference = models.CharField(_("受理号"), max_length=24, unique=True, editable=False)
    giver = models.ForeignKey(
        InsuredPerson,
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="given_bindings",
        verbose_name=_("出钱的人"),
    )
    beneficiary = models.ForeignKey(
        InsuredPerson,
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="used_bindings",
        verbose_name=_("用钱的人"),
    )
    initiator = models.CharField(_("提出的一方"), max_length=12)
    relation = models.CharField(_("关系"), max_length=24, choices=words.choices(words.RELATIONS))
    evidence = models.CharField(
        _("凭什么"), max_length=20, choices=Evidence, default=Evidence.COMMITMENT_LETTER
    )
    money_model = models.CharField(_("付钱方式"), max_length=16, choices=MoneyModel, blank=True)
    giver_area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("出钱人的参保地"),
    )
    beneficiary_area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("用钱人的参保地"),
    )
    uses = models.JSONField(_("可以付什么"), default=list)
    cap_month_fen = models.BigIntegerField(_("每月最多"), null=True, blank=True)
    cap_bill_fen = models.BigIntegerField(_("每次最多"), null=True, blank=True)
    limit_fen = models.BigIntegerField(_("额度"), null=True, blank=True)
    limit_used_fen = models.BigIntegerField(_("已用额度"), default=0)
    limit_account = models.ForeignKey(
        PersonalAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("划出额度的账户"),
    )
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)
    shows_amounts = models.BooleanField(_("试算时可以看到从我账户出多少"), default=False)
    usable_from = models.DateTimeField(_("从何时起可用"), null=True, blank=True)
    seat = models.PositiveSmallIntegerField(_("名额"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=words.choices(words.STATES))
    state_since = models.DateTimeField(_("状态起于"))
    paused_by = models.CharField(_("谁暂停的"), max_length=12, blank=True)
    staff_reason = models.CharField(_("为何要窗口核对"), max_length=40, blank=True)
    formal_end = models.DateField(_("正式结束日"), null=True, blank=True)
    reviewed_on = models.DateField(_("上次确认还对"), null=True, blank=True)
    decision = models.ForeignKey(
        StoredDecision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("所依据的决定"),
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_at = models.DateTimeField(_("提出时间"), auto_now_add=True)

    objects = BindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("家庭共济关系")
        verbose_name_plural = _("家庭共济关系")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="binding_is_not_with_oneself", condition=~Q(giver=F("beneficiary"))
            ),
            models.CheckConstraint(
                name="binding_in_force_has_two_sides",
                condition=~Q(state__in=_LIVE) | Q(giver__isnull=False, beneficiary__isnull=False),
            ),
            models.CheckConstraint(
                name="binding_has_its_initiator",
                condition=Q(initiator=_GIVER, giver__isnull=False)
                | Q(initiator=_BENEFICIARY, beneficiary__isnull=False),
            ),
            models.CheckConstraint(
                name="binding_state_is_known", condition=Q(state__in=[str(one) for one in State])
            ),
            models.CheckConstraint(
                name="binding_is_between_near_relatives",
                condition=Q(relation__in=_NEAR),
            ),
            models.CheckConstraint(
                name="binding_in_force_has_money_model",
                condition=~Q(state__in=_IN_FORCE) | ~Q(money_model=""),
            ),
            models.CheckConstraint(
                name="binding_caps_are_amounts",
                condition=(Q(cap_month_fen=None) | Q(cap_month_fen__gt=0))
                & (Q(cap_bill_fen=None) | Q(cap_bill_fen__gt=0)),
            ),
            models.CheckConstraint(
                name="binding_limit_covers_its_use",
                condition=Q(limit_fen=None, limit_used_fen=0)
                | Q(limit_fen__gt=0, limit_used_fen__gte=0, limit_used_fen__lte=F("limit_fen")),
            ),
            models.CheckConstraint(
                name="binding_ends_after_it_starts",
                condition=Q(to_day=None) | Q(to_day__gte=F("from_day")),
            ),
            models.CheckConstraint(
                name="binding_paused_has_who",
                condition=~Q(state=str(State.PAUSED)) | Q(paused_by__in=[_GIVER, _BENEFICIARY]),
            ),
            models.UniqueConstraint(
                fields=["giver", "beneficiary", "money_model"],
                name="binding_one_live_pair_per_model",
                condition=Q(state__in=_LIVE),
            ),
            models.UniqueConstraint(
                fields=["giver", "seat"],
                name="binding_one_member_per_seat",
                condition=Q(state__in=_LIVE, seat__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["beneficiary", "state"], name="binding_by_beneficiary"),
            models.Index(fields=["giver", "state"], name="binding_by_giver"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> tuple[str, str]:
        """Under which files, notices and the visitors' book keep it."""
        return SUBJECT, self.reference

    def side_of(self, person_id: int) -> Side | None:
        """Which side somebody is, None for a stranger."""
        if self.giver_id == person_id:
            return Side.GIVER
        return Side.BENEFICIARY if self.beneficiary_id == person_id else None

    def is_usable(self, now: datetime) -> bool:
        """Active, and the time after the second consent is over; days, caps and facts are asked elsewhere."""
        return self.state == State.ACTIVE and (self.usable_from is None or self.usable_from <= now)


class InvitationQuerySet(IdentifierQuerySet["Invitation"]):
    """`live()` are those nobody has answered; `for_value(kind, number)` are those for one person."""


class Invitation(Identifier):
    """Whom the initiator named, as typed: the register is not asked before that person comes.

    Nothing on the initiator's side depends on whether the person exists (security.md §5.2). Found by the digest of the number when
    its owner signs in. `ended_at` is when it was answered, withdrawn or lapsed.
    """

    binding = models.OneToOneField(
        Binding, on_delete=models.PROTECT, related_name="invitation", verbose_name=_("家庭共济关系")
    )
    name = EncryptedTextField(_("对方姓名"))
    id_number = EncryptedTextField(_("对方证件号码"))
    said_scheme = models.CharField(_("对方险种（本人所说）"), max_length=10)
    said_area = models.CharField(_("对方参保地（本人所说）"), max_length=6)
    expires_at = models.DateTimeField(_("确认期限"))
    announced_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("共济邀请")
        verbose_name_plural = _("共济邀请")
        ordering = ["id"]
        # Several relatives may invite the same person: the constraint of the other tables does not hold here.
        constraints = [
            models.CheckConstraint(
                name="invitation_known_kind", condition=Q(kind__in=["id_number"])
            ),
        ]
        indexes = [models.Index(fields=["digest"], name="invitation_by_digest")]

    def plain_value(self) -> str:
        return self.id_number


class BindingEvent(models.Model):
    """One move, kept for ever: the table only grows, by trigger.

    `details` hold codes and fen, of a refusal its words, nothing personal. `acted_by` is who pressed the button: the party, or the clerk at the
    counter; None is a job.
    """

    binding = models.ForeignKey(
        Binding,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="events",
        verbose_name=_("家庭共济关系"),
    )
    number = models.PositiveIntegerField(_("序号"))
    move = models.CharField(_("做了什么"), max_length=12, choices=words.choices(words.MOVES))
    from_state = models.CharField(_("原状态"), max_length=12, blank=True)
    to_state = models.CharField(_("新状态"), max_length=12)
    side = models.CharField(_("哪一方"), max_length=12, choices=words.choices(words.SIDES))
    channel = models.CharField(_("怎么办的"), max_length=8, choices=Channel)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经手人"),
    )
    reason = models.CharField(_("原因"), max_length=40, blank=True)
    details = models.JSONField(_("内容"), default=dict)
    happened_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("共济关系的经过")
        verbose_name_plural = _("共济关系的经过")
        ordering = ["binding", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["binding", "number"], name="binding_event_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.binding_id}-{self.number} {self.move}"


class CapUse(models.Model):
    """What a binding has paid in a month, in fen; settlements write it under the lock of the binding."""

    binding = models.ForeignKey(
        Binding,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="cap_uses",
        verbose_name=_("家庭共济关系"),
    )
    month = MonthField(_("月份"))
    used_fen = models.BigIntegerField(_("已用"), default=0)

    class Meta:
        verbose_name = _("每月已用")
        verbose_name_plural = _("每月已用")
        ordering = ["binding", "month"]
        constraints = [
            models.UniqueConstraint(fields=["binding", "month"], name="cap_use_once_a_month"),
            models.CheckConstraint(name="cap_use_is_not_negative", condition=Q(used_fen__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.binding_id} {self.month}"
