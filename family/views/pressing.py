"""What a button of these pages comes to when things have moved on, in one place for all of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from family.bindings import Stale, WrongMove
from insurance.views import keyset

CONFLICT = 409
# No binding has it: whoever sends no version is told that the page is old.
NO_VERSION = 0
NOT_NOW = gettext_lazy("现在不能这样办，什么都没有改。下面是现在的情况，可能家人刚刚办过。")


def version(request: HttpRequest) -> int:
    """Of the binding as the page showed it."""
    return keyset.row_number(request.POST.get("version", "")) or NO_VERSION


def press(request: HttpRequest, do: Callable[[], Any], *, wrong: str | Promise = NOT_NOW) -> bool:
    """Whether it was done; if not, a message says why nothing has changed, `wrong` where the state doesn't allow it."""
    try:
        do()
    except Stale:
        tell_stale(request)
    except WrongMove:
        messages.error(request, str(wrong))
    else:
        return True
    return False


def tell_stale(request: HttpRequest) -> None:
    messages.warning(
        request, _("您看这一页的时候，情况有了变化，刚才这一步没有办。请看下面现在的情况，再决定。")
    )
