"""Editing a draft. Values are never changed in place: what was typed is a draft of its own and replaces the one before."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.roles import Role
from insurance import areas, policies, policy_reading
from insurance.models import PolicySource, PolicyVersion
from insurance.policy_schema import PolicyFile, PolicyFileError, missing_faults, parse
from insurance.policy_values import Source

audit.LABELS.update({"policy.revise": _("改写规则草稿")})


class NothingNew(policies.PolicyError):
    def __init__(self, number: int) -> None:
        super().__init__(
            _("和第 %(number)d 版完全一样。要恢复以前的内容，请写上新的核对日期 checked_on。")
            % {"number": number}
        )


class NoLongerADraft(policies.PolicyError):
    def __init__(self) -> None:
        super().__init__(_("这个版本已经停用，后面还有新的版本。请从最新的版本改起。"))


def read_typed(*, version: PolicyVersion, text: str) -> PolicyFile:
    """The loader's own reading of what was typed for the area of `version`. Raises PolicyFileError with every fault."""
    area = version.area
    sources: dict[str, Source] = {
        row.code: policy_reading.source_of(row) for row in PolicySource.objects.all()
    }
    policy = parse(text, file=f"{area.code}.json", sources=sources)
    above = PolicyVersion.objects.published().of_areas(areas.chain(area.code)[1:])
    files = [policies.as_file(version=one) for one in above.select_related("area")]
    # Which areas answer every name is the area's own matter, whatever the file says.
    files.append(replace(policy, listed=area.is_listed))
    faults = [one for one in missing_faults(files) if one.file == policy.file]
    if faults:
        raise PolicyFileError(faults)
    return policy


@transaction.atomic
def revise(*, version: PolicyVersion, text: str, by: User, note: str = "") -> PolicyVersion:
    """What was typed as the area's next draft, by whoever typed it; `note` says what was changed.

    A draft that it was made from goes out of use; a published version stays as it is, and this is its correction.
    Raises PolicyFileError, and PolicyError where nothing was changed or somebody was quicker.
    """
    if by.role != Role.POLICY_EDITOR:
        raise policies.NotAnEditor
    policy = read_typed(version=version, text=text)
    locked = policies.lock(version)
    of_area = PolicyVersion.objects.of_areas([policy.area])
    is_over = locked.status == PolicyVersion.Status.WITHDRAWN
    if is_over and of_area.filter(number__gt=locked.number).exists():
        raise NoLongerADraft
    made = policies.draft(policy=policy, by=by, note=note)
    if made is None:
        raise NothingNew(of_area.get(file_digest=policy.digest).number)
    if locked.status == PolicyVersion.Status.DRAFT:
        policies.withdraw(version=locked, by=by, reason=f"v{made.number}")
    details = {"area": policy.area, "from": locked.number, "number": made.number}
    audit.record(actor=by, action="policy.revise", subject=made, details=details)
    return made
