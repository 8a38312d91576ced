"""Choosing files: several at once, held in memory, every fault told in one go."""

import tempfile
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts import receiving
from accounts.file_kinds import MAX_FILE_BYTES, Kind
from accounts.forms.uploads import CHOOSE_AGAIN, EvidenceField, EvidenceFormMixin
from accounts.receiving import MemoryHandler
from tests.factories.accounts import make_request, make_user
from tests.factories.files import SCRIPT, heic, pdf, picture, sent


class CaseForm(EvidenceFormMixin, forms.Form):
    files = EvidenceField(max_files=3)
    name = forms.CharField()


def filled(*files, name="张三"):
    typed = QueryDict(mutable=True)
    typed["name"] = name
    return CaseForm(typed, MultiValueDict({"files": list(files)} if files else {}))


def test_several_files_become_checked_ones():
    form = filled(sent(picture()), sent(pdf()))
    assert form.is_valid(), form.errors
    assert [one.media_type for one in form.cleaned_data["files"]] == [Kind.JPEG, Kind.PDF]


def test_the_field_takes_several_and_says_what_it_takes():
    form = CaseForm()
    page = str(form["files"])
    assert " multiple" in page
    assert 'accept="image/jpeg,image/png,image/webp,application/pdf"' in page
    assert "最多 3 份" in form["files"].help_text
    assert form.is_multipart()


def test_every_wrong_file_is_named_by_its_place():
    form = filled(sent(picture()), sent(heic()), sent(SCRIPT, "<b>x</b>.jpg"))
    first, second = form.errors["files"]
    assert first.startswith("第 2 份：这是苹果手机的 HEIC 照片")
    assert second.startswith("第 3 份：只能交照片")
    assert "<b>" not in str(form["files"].errors)


def test_no_file_and_too_many_files_are_told():
    assert filled().errors["files"] == ["请选择文件。"]
    assert filled(*[sent(pdf())] * 4).errors["files"] == ["最多 3 份文件，请少选几份。"]
    empty = filled(SimpleUploadedFile("a.jpg", b""))
    assert empty.errors["files"] == ["这份文件是空的，请重新选择。"]


def test_a_field_may_be_optional():
    assert EvidenceField(required=False).clean([]) == []


def test_whatever_else_is_wrong_the_files_have_to_be_chosen_again():
    form = filled(sent(picture()), name="")
    assert form.errors["files"] == [str(CHOOSE_AGAIN)]
    late = filled(sent(picture()))
    assert late.is_valid()
    late.add_error(None, "这个人已经添加过了。")
    assert late.errors["files"] == [str(CHOOSE_AGAIN)]
    nothing_chosen = CaseForm(QueryDict("name="), MultiValueDict())
    assert nothing_chosen.errors["files"] == ["请选择文件。"]


def received(*files, user):
    request = make_request(method="post", user=user, data={"files": list(files), "name": "x"})
    request.upload_handlers = [MemoryHandler(request)]
    return request.FILES.getlist("files")


@pytest.mark.django_db
def test_files_never_touch_the_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    data = bytes(MAX_FILE_BYTES)
    (one,) = received(SimpleUploadedFile("a.pdf", data), user=make_user())
    assert (one.size, one.read()) == (MAX_FILE_BYTES, data)
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.django_db
def test_of_a_file_that_is_too_large_only_the_size_is_held():
    large, small = received(
        SimpleUploadedFile("a.jpg", bytes(MAX_FILE_BYTES + 1)), sent(picture()), user=make_user()
    )
    assert (large.size, large.read()) == (MAX_FILE_BYTES + 1, b"")
    assert small.read() == picture()
    assert "太大了" in filled(large).errors["files"][0]


@pytest.mark.django_db
def test_a_request_holds_only_so_much_in_all(monkeypatch):
    monkeypatch.setattr(receiving, "MAX_REQUEST_BYTES", 150_000)
    files = received(*(SimpleUploadedFile("a", bytes(100_000)) for _ in "ab"), user=make_user())
    assert [len(one.read()) for one in files] == [100_000, 0]
    assert "太大了" in filled(files[1]).errors["files"][0]


@pytest.mark.django_db
def test_nobody_sends_a_file_before_signing_in():
    assert received(sent(picture()), user=None) == []


def test_the_settings_use_this_handler_alone(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["accounts.receiving.MemoryHandler"]
