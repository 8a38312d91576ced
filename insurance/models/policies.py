"""The rules of each area, version by version, each value with its evidence and sources."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from insurance.models.areas import PoolingArea


class PolicySource(models.Model):
    """A document of the register. `date` is as printed on it; `how` says how it was checked."""

    class Kind(models.TextChoices):
        LAW = "law", _("法律法规")
        NORMATIVE = "normative", _("规范性文件")
        NOTICE = "notice", _("通知公告")
        PAGE = "page", _("官方网页")
        PRESS = "press", _("新闻报道")
        SOFTWARE = "software", _("公开软件")
        ARTICLE = "article", _("网络文章")
        RECOLLECTION = "recollection", _("一般了解")

    code = models.CharField(_("编号"), max_length=12, unique=True)
    kind = models.CharField(_("种类"), max_length=12, choices=Kind)
    title = models.CharField(_("名称"), max_length=200)
    number = models.CharField(_("文号"), max_length=80, blank=True)
    date = models.CharField(_("日期"), max_length=40, blank=True)
    url = models.URLField(_("网址"), max_length=400, blank=True)
    how = models.CharField(_("怎样核对"), max_length=300)

    class Meta:
        verbose_name = _("规则来源")
        verbose_name_plural = _("规则来源")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="policy_source_has_a_known_kind",
                condition=Q(
                    kind__in=[
                        "law",
                        "normative",
                        "notice",
                        "page",
                        "press",
                        "software",
                        "article",
                        "recollection",
                    ]
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def published(self) -> "PolicyVersionQuerySet":
        return self.filter(status=PolicyVersion.Status.PUBLISHED)

    def of_areas(self, codes: Iterable[str]) -> "PolicyVersionQuerySet":
        return self.filter(area_id__in=codes)


class PolicyVersion(models.Model):
    """One area's rules as one file said them.

    A version is drafted, published by a second person, and withdrawn when the next one takes its place. Its values are
    written once and never change, so that a case decided by it can be read again. `drafted_by` None is the loading job.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已停用")

    area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        db_index=False,
        related_name="policy_versions",
        verbose_name=_("地区"),
    )
    number = models.PositiveIntegerField(_("版次"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    file_digest = models.CharField(_("文件摘要"), max_length=64)
    checked_on = models.DateField(_("核对日期"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("起草人"),
    )
    drafted_at = models.DateTimeField(_("起草时间"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发布人"),
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("规则版本")
        verbose_name_plural = _("规则版本")
        ordering = ["area", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "number"], name="policy_version_number_once_per_area"
            ),
            models.UniqueConstraint(
                fields=["area", "file_digest"], name="policy_version_once_per_file"
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(status="published"),
                name="policy_version_one_published_per_area",
            ),
            models.CheckConstraint(
                name="policy_version_published_by_a_second_person",
                condition=Q(drafted_by=None)
                | Q(published_by=None)
                | ~Q(drafted_by=F("published_by")),
            ),
            models.CheckConstraint(
                name="policy_version_status_has_its_times",
                condition=Q(status="draft", published_at=None, withdrawn_at=None)
                | Q(status="published", published_at__isnull=False, withdrawn_at=None)
                | Q(status="withdrawn", withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} v{self.number}"


class PolicyValueQuerySet(models.QuerySet["PolicyValue"]):
    def in_force(self) -> "PolicyValueQuerySet":
        return self.filter(version__status=PolicyVersion.Status.PUBLISHED)

    def of_areas(self, codes: Iterable[str]) -> "PolicyValueQuerySet":
        return self.filter(version__area_id__in=codes)

    def covering(self, day: date) -> "PolicyValueQuerySet":
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day)).filter(
            Q(valid_to=None) | Q(valid_to__gte=day)
        )


class PolicyValue(models.Model):
    """One value. `value` NULL is an explicit blank, and `emptiness` says which; the table only grows, by trigger.

    `name`, `unit` and the identifiers inside are those of `insurance.policy_names`.
    """

    class Emptiness(models.TextChoices):
        NOT_FOUND = "not_found", _("没有查到")
        NONE_REQUIRED = "none_required", _("没有这个要求")
        GAP = "gap", _("这段时间没有文件")

    class ListKind(models.TextChoices):
        COMPLETE = "complete", _("只有这些")
        OPEN = "open", _("可能还有")

    class Confidence(models.TextChoices):
        OFFICIAL = "official", _("官方文件")
        SECONDARY = "secondary", _("二手资料")
        SEED_ONLY = "seed_only", _("只有网络文章这样说")

    class Evidence(models.TextChoices):
        READ = "read", _("读过原文或可靠抄录")
        PRESS = "press", _("读过报道或摘要")
        RECALLED = "recalled", _("凭记忆，未再核对")
        SEED = "seed", _("只有文章")

    class Mark(models.TextChoices):
        DISPUTED = "disputed", _("说法不一")

    version = models.ForeignKey(
        PolicyVersion,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="values",
        verbose_name=_("版本"),
    )
    position = models.PositiveIntegerField(_("次序"))
    name = models.CharField(_("名称"), max_length=80)
    value = models.JSONField(_("值"), null=True)
    unit = models.CharField(_("单位"), max_length=14)
    emptiness = models.CharField(_("空着的原因"), max_length=14, choices=Emptiness, blank=True)
    list_kind = models.CharField(_("列表种类"), max_length=8, choices=ListKind, blank=True)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)
    stated_validity_until = models.DateField(_("文件自己写的有效期止"), null=True, blank=True)
    confidence = models.CharField(_("可靠程度"), max_length=10, choices=Confidence, blank=True)
    mark = models.CharField(_("标记"), max_length=8, choices=Mark, blank=True)
    evidence = models.CharField(_("怎样核对"), max_length=8, choices=Evidence, blank=True)
    checked_on = models.DateField(_("核对日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True)

    objects = PolicyValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("规则值")
        verbose_name_plural = _("规则值")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="policy_value_position_once_per_version"
            ),
            models.CheckConstraint(
                name="policy_value_is_there_or_says_why_not",
                condition=Q(value__isnull=False, emptiness="")
                | Q(value__isnull=True, emptiness__in=["not_found", "none_required", "gap"]),
            ),
            models.CheckConstraint(
                name="policy_value_answer_has_its_evidence",
                condition=Q(emptiness__in=["not_found", "gap"], confidence="", evidence="")
                | Q(
                    emptiness__in=["", "none_required"],
                    confidence__in=["official", "secondary", "seed_only"],
                    evidence__in=["read", "press", "recalled", "seed"],
                ),
            ),
            models.CheckConstraint(
                name="policy_value_ends_after_it_starts",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["version", "name"], name="policy_value_by_name")]

    def __str__(self) -> str:
        return self.name


class PolicyCitation(models.Model):
    """Which source says a value, and where in it. The table only grows, by trigger."""

    value = models.ForeignKey(
        PolicyValue,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="citations",
        verbose_name=_("规则值"),
    )
    source = models.ForeignKey(
        PolicySource,
        to_field="code",
        on_delete=models.PROTECT,
        related_name="citations",
        verbose_name=_("来源"),
    )
    article = models.CharField(_("条款"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = _("引用")
        verbose_name_plural = _("引用")
        ordering = ["value", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["value", "position"], name="policy_citation_position_once_per_value"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.article}".strip()
