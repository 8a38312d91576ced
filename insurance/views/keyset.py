"""Where a page of a long list begins, as the address says it."""

from django.http import HttpRequest

LONGEST_NUMBER = 18  # digits of the largest row number


def row_number(text: str) -> int | None:
    """None for whatever is no number of a row."""
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None


def before(request: HttpRequest) -> int | None:
    """The row to go on before; None is the first page."""
    return row_number(request.GET.get("before", ""))
