"""Drafting, publishing, withdrawing and exporting rules. A published version never changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import User
from accounts.roles import Role
from insurance import policy_checks, policy_folder, policy_reading, policy_tasks
from insurance.areas import NATION
from insurance.models import (
    PolicyCitation,
    PolicySource,
    PolicyValue,
    PolicyVersion,
    PoolingArea,
)
from insurance.policy_schema import PolicyFile, digest_of, dump, dump_sources
from insurance.policy_values import Source, thaw

audit.LABELS.update(
    {
        "policy.draft": _("起草规则"),
        "policy.publish": _("发布规则"),
        "policy.withdraw": _("停用规则"),
        "policy_source.add": _("登记规则来源"),
        "policy_source.change": _("更正规则来源"),
    }
)


class PolicyError(ValueError):
    """The rules stay as they were; the message says why."""


class AreaNotLoaded(PolicyError):
    def __init__(self, code: str) -> None:
        super().__init__(_("没有 %(code)s 这个地区，请先运行 load_areas。") % {"code": code})


class NotADraft(PolicyError):
    def __init__(self) -> None:
        super().__init__(_("只有草稿可以发布。"))


class SamePerson(PolicyError):
    def __init__(self) -> None:
        super().__init__(_("起草的人不能自己发布，要由另一位政策编辑发布。"))


class NotAnEditor(PolicyError):
    def __init__(self) -> None:
        super().__init__(_("只有政策编辑可以发布或停用规则。"))


class OlderThanPublished(PolicyError):
    def __init__(self, number: int) -> None:
        super().__init__(_("第 %(number)d 版已经发布，不能再发布更早的版本。") % {"number": number})


class ExamplesFail(PolicyError):
    def __init__(self, failed: int) -> None:
        super().__init__(
            ngettext(
                "有 %(failed)d 个例子没有通过，不能发布。",
                "有 %(failed)d 个例子没有通过，不能发布。",
                failed,
            )
            % {"failed": failed}
        )


class OneForEachArea(PolicyError):
    def __init__(self) -> None:
        super().__init__(_("一个地区一次只能发布一个版本。"))


class OnlyInTheDemo(PolicyError):
    def __init__(self) -> None:
        super().__init__(_("正式环境里，规则要由另一位政策编辑发布。"))


@dataclass(frozen=True)
class Loaded:
    """What one run did. `known` files were seen before."""

    drafts: tuple[PolicyVersion, ...]
    known: int
    sources: int


@transaction.atomic
def load(*, folder: Path = policy_folder.DATA, by: User | None = None) -> Loaded:
    """Make a draft of every file not seen before; a second run changes nothing.

    `by` None is the loading job. Raises PolicyFileError or PolicyError, and then nothing was written.
    """
    found = policy_folder.read(folder)
    changed = save_sources(sources=found.sources, by=by)
    drafts = [draft(policy=policy, by=by) for policy in found.files]
    made = tuple(one for one in drafts if one)
    return Loaded(made, len(drafts) - len(made), changed)


@transaction.atomic
def save_sources(*, sources: Mapping[str, Source], by: User | None) -> int:
    """Bring the register of sources up to date; the number of rows written.

    The register describes documents, so a number found later is added to it; who did so is on record.
    """
    rows = PolicySource.objects.in_bulk(list(sources), field_name="code")
    written = 0
    for code, source in sources.items():
        told = {key: value for key, value in asdict(source).items() if key != "id"}
        row = rows.get(code) or PolicySource(code=code)
        if row.pk and all(getattr(row, key) == value for key, value in told.items()):
            continue
        known = row.pk is not None
        for key, value in told.items():
            setattr(row, key, value)
        row.full_clean(validate_unique=False)
        row.save()
        written += 1
        if known or by:
            action = "policy_source.change" if known else "policy_source.add"
            audit.record(actor=by, action=action, subject=("source", code))
    return written


@transaction.atomic
def draft(*, policy: PolicyFile, by: User | None, note: str = "") -> PolicyVersion | None:
    """The file as the area's next version, not yet in force; None where this very file was drafted before.

    The sources it cites must be in the register. `by` None is the loading job.
    """
    area = PoolingArea.objects.select_for_update().filter(code=policy.area).first()
    if area is None:
        raise AreaNotLoaded(policy.area)
    versions = PolicyVersion.objects.of_areas([policy.area])
    if versions.filter(file_digest=policy.digest).exists():
        return None
    version = PolicyVersion.objects.create(
        area=area,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        file_digest=policy.digest,
        checked_on=policy.checked_on,
        note=note,
        drafted_by=by,
    )
    _write_values(version, policy)
    _record(by, "policy.draft", version)
    return version


def _write_values(version: PolicyVersion, policy: PolicyFile) -> None:
    copied = (
        "name",
        "unit",
        "emptiness",
        "list_kind",
        "valid_from",
        "valid_to",
        "stated_validity_until",
        "confidence",
        "mark",
        "evidence",
        "checked_on",
        "note",
    )
    values = PolicyValue.objects.bulk_create(
        PolicyValue(
            version=version,
            position=position,
            value=thaw(value.value),
            **{key: getattr(value, key) for key in copied},
        )
        for position, value in enumerate(policy.values)
    )
    PolicyCitation.objects.bulk_create(
        PolicyCitation(
            value=row, source_id=cited.source.id, article=cited.article, position=position
        )
        for row, value in zip(values, policy.values, strict=True)
        for position, cited in enumerate(value.citations)
    )


def publish(*, version: PolicyVersion, by: User) -> PolicyVersion:
    """Put a draft in force in place of the version before it. A second editor does it, never the drafter."""
    return publish_together(versions=[version], by=by)[0]


def publish_together(*, versions: Sequence[PolicyVersion], by: User) -> list[PolicyVersion]:
    """Put drafts of several areas in force at one moment: their examples hold together, or none is published.

    The examples run first, and their result stays even where they refuse. Raises PolicyError.
    """
    if by.role != Role.POLICY_EDITOR:
        raise NotAnEditor
    if len({one.area_id for one in versions}) < len(versions):
        raise OneForEachArea
    for one in versions:
        _refuse_unready(one, by)
    check = policy_checks.run(versions=versions, by=by)
    if check.failed:
        raise ExamplesFail(check.failed)
    return _publish_checked(versions, by)


@transaction.atomic
def _publish_checked(versions: Sequence[PolicyVersion], by: User) -> list[PolicyVersion]:
    _lock_publishing(versions)
    locked = [PolicyVersion.objects.select_for_update().get(pk=one.pk) for one in versions]
    for one in locked:
        _refuse_unready(one, by)
    # Another area may have been published while the examples ran.
    told = policy_checks.state(versions)
    if told is None or not told.is_current:
        check = policy_checks.run(versions=locked, by=by)
        if check.failed:
            raise ExamplesFail(check.failed)
    published = [_put_in_force(one, by) for one in locked]
    policy_tasks.open_for_disputes(by=by)
    return published


def _refuse_unready(version: PolicyVersion, by: User) -> None:
    if version.status != PolicyVersion.Status.DRAFT:
        raise NotADraft
    if version.drafted_by_id == by.pk:
        raise SamePerson
    before = PolicyVersion.objects.published().of_areas([version.area_id]).first()
    if before and before.number > version.number:
        raise OlderThanPublished(before.number)


def _lock_publishing(versions: Sequence[PolicyVersion]) -> None:
    # All publications have the nation in common: what the examples saw is what comes into force.
    codes = {NATION, *(one.area_id for one in versions)}
    list(PoolingArea.objects.select_for_update().filter(code__in=codes).order_by("code"))


@transaction.atomic
def publish_for_demo(*, versions: Iterable[PolicyVersion]) -> int:
    """Put drafts in force without a second person. Production refuses."""
    if settings.PRODUCTION:
        raise OnlyInTheDemo
    published = [_put_in_force(lock(version), None) for version in versions]
    policy_tasks.open_for_disputes()
    return len(published)


@transaction.atomic
def withdraw(*, version: PolicyVersion, by: User, reason: str) -> PolicyVersion:
    """Take a draft or a published version out of use; its area then has no rules of its own. Twice is once."""
    if by.role != Role.POLICY_EDITOR:
        raise NotAnEditor
    locked = lock(version)
    if locked.status != PolicyVersion.Status.WITHDRAWN:
        _take_out_of_force(locked)
        _record(by, "policy.withdraw", locked, reason=reason)
    return locked


def lock(version: PolicyVersion) -> PolicyVersion:
    # The area is what two publications of one area have in common.
    PoolingArea.objects.select_for_update().get(code=version.area_id)
    return PolicyVersion.objects.select_for_update().get(pk=version.pk)


def _put_in_force(version: PolicyVersion, by: User | None) -> PolicyVersion:
    if version.status != PolicyVersion.Status.DRAFT:
        raise NotADraft
    before = PolicyVersion.objects.published().of_areas([version.area_id]).first()
    if before and before.number > version.number:
        raise OlderThanPublished(before.number)
    if before:
        _take_out_of_force(before)
    version.status = PolicyVersion.Status.PUBLISHED
    version.published_by = by
    version.published_at = timezone.now()
    version.save(update_fields=["status", "published_by", "published_at"])
    _record(by, "policy.publish", version, replaces=before.number if before else None)
    return version


def _take_out_of_force(version: PolicyVersion) -> None:
    version.status = PolicyVersion.Status.WITHDRAWN
    version.withdrawn_at = timezone.now()
    version.save(update_fields=["status", "withdrawn_at"])


def _record(
    by: User | None, action: str, version: PolicyVersion, *, reason: str = "", **details: int | None
) -> None:
    told = {"area": version.area_id, "number": version.number} | details
    audit.record(actor=by, action=action, subject=version, reason=reason, details=told)


def export(*, version: PolicyVersion) -> str:
    """The version as a policy file: drafting from it makes nothing new."""
    return dump(as_file(version=version))


def as_file(*, version: PolicyVersion) -> PolicyFile:
    area = version.area
    return PolicyFile(
        file=f"{area.code}.json",
        area=area.code,
        name_zh=area.name_zh,
        name_en=area.name_en,
        listed=area.is_listed,
        checked_on=version.checked_on,
        values=policy_reading.values_of(version),
        digest=version.file_digest,
        values_line=1,
    )


def export_sources() -> str:
    """The whole register of sources as sources.json."""
    return dump_sources(
        [policy_reading.source_of(row) for row in PolicySource.objects.order_by("pk")]
    )


def is_intact(*, version: PolicyVersion) -> bool:
    """Do the rows still say what the file said? False when somebody went around the triggers."""
    values = policy_reading.values_of(version)
    return digest_of(version.area_id, version.checked_on, values) == version.file_digest
