"""The English catalogue is complete, and the tools that keep it so find what they must."""

import pytest
from babel.messages.catalog import Message
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from config import catalogue


@pytest.fixture
def small_project(tmp_path, settings):
    """A project of one Python file and one template, without a catalogue."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "accounts").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "accounts" / "words.py").write_text(
        "_('余额')\n"
        "pgettext_lazy('动作', '提交')\n"
        "ngettext('%(n)s 笔', '%(n)s 笔', n)\n"
        "_(f'{x} 不算')\n"
        "# Translators: 称呼\n"
        "gettext_lazy('您' '好')\n",
        encoding="utf-8",
    )
    (tmp_path / "templates" / "page.html").write_text(
        "<main>\n   {% translate '明细' %}\n {% translate '关' context '门' %}\n"
        "{% if x %}\n        {% blocktranslate trimmed with who=name %}\n"
        "          你好，\n          {{ who }}\n        {% endblocktranslate %}\n{% endif %}\n"
        " {% blocktranslate count n=n %}{{ n }} 个月{% plural %}{{ n }} 个月们{% endblocktranslate %}\n"
        "{{ _('在职')|default:_('退休') }}</main>\n",
        encoding="utf-8",
    )
    return tmp_path


def write(catalog):
    path = catalogue.path_of()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(catalogue.as_text(catalog), encoding="utf-8")


def translated(**strings):
    merged = catalogue.synchronised()
    for message in merged:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            text = strings.get(first, "Word " + " ".join(catalogue.PLACEHOLDER.findall(first)))
            message.string = text if isinstance(message.id, str) else (text, text)
    return merged


def test_the_catalogue_of_this_project_is_complete():
    assert catalogue.faults() == []


def test_every_kind_of_message_is_found(small_project):
    assert set(catalogue.by_key(catalogue.extracted())) == {
        ("余额", None),
        ("提交", "动作"),
        (("%(n)s 笔", "%(n)s 笔"), None),
        ("您好", None),
        ("明细", None),
        ("关", "门"),
        ("你好， %(who)s", None),
        (("%(n)s 个月", "%(n)s 个月们"), None),
        ("在职", None),
        ("退休", None),
    }


def test_a_new_message_is_a_fault_until_it_is_translated(small_project):
    assert "not in the catalogue: 余额 (accounts/words.py)" in catalogue.faults()
    call_command("sync_catalogue", verbosity=0)
    assert "not translated: 余额 (accounts/words.py)" in catalogue.faults()
    write(translated())
    assert catalogue.faults() == []
    call_command("sync_catalogue", "--check")


def test_translations_are_kept_and_what_nobody_says_any_more_is_dropped(small_project):
    write(translated(余额="Balance"))
    (small_project / "accounts" / "words.py").write_text("_('余额')\n_('新的')\n", encoding="utf-8")
    assert any(fault.startswith("obsolete: 您好") for fault in catalogue.faults())
    with pytest.raises(CommandError):
        call_command("sync_catalogue", "--check")
    call_command("sync_catalogue", verbosity=0)
    kept = catalogue.by_key(catalogue.stored(catalogue.path_of()))
    assert kept["余额", None].string == "Balance"
    assert ("您好", None) not in kept
    assert ("新的", None) in kept


def test_writing_twice_gives_the_same_file_without_line_numbers_or_dates(small_project):
    write(translated())
    first = catalogue.path_of().read_text(encoding="utf-8")
    call_command("sync_catalogue", verbosity=0)
    assert catalogue.path_of().read_text(encoding="utf-8") == first
    assert "words.py:" not in first
    assert "Date" not in first
    assert "charset=utf-8" in first
    assert "Plural-Forms" in first


@pytest.mark.parametrize(
    ("source", "text", "fault"),
    [
        ("余额 %(sum)s", "Balance", "placeholders differ"),
        ("余额 %(sum)s", "Balance %(total)s", "placeholders differ"),
        ("共 {n} 笔", "{m} entries", "placeholders differ"),
        ("余额", "余额", "left in Chinese"),
        ("余额", "", "not translated"),
        ("余额 %(sum)s", "Balance %(sum)s", None),
        (("%(n)s 笔", "%(n)s 笔"), ("one entry", "%(n)s entries"), None),
        (("%(n)s 笔", "%(n)s 笔"), ("one entry", "entries"), "placeholders differ"),
        (("%(n)s 笔", "%(n)s 笔"), ("one entry", ""), "not translated"),
    ],
)
def test_a_translation_that_cannot_stand_is_named(source, text, fault):
    assert catalogue.fault_of(Message(source, text)) == fault


def test_a_fuzzy_translation_cannot_stand():
    assert catalogue.fault_of(Message("余额", "Balance", flags={"fuzzy"})) == "fuzzy"


def test_a_compiled_catalogue_is_what_django_reads(small_project):
    write(translated(余额="Balance of the test"))
    assert catalogue.compile_all()
    assert catalogue.compile_all() == []
    translation.trans_real._translations = {}
    try:
        with translation.override("en"):
            assert translation.gettext("余额") == "Balance of the test"
        with translation.override("zh-hans"):
            assert translation.gettext("余额") == "余额"
    finally:
        translation.trans_real._translations = {}
