"""The last line of defence for logs: what looks like a person's number is masked on its way out."""

import logging

from accounts.privacy import UNPRINTABLE, mask_numbers

TRACEBACK_MARGIN = "    | "


def visible(text: str) -> str:
    """Line breaks, escape sequences and direction marks as `<U+000A>`: they can't forge a record or hide one."""
    return UNPRINTABLE.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


class MaskedFormatter(logging.Formatter):
    """One line a record. A traceback follows with a margin, so that none of its lines passes for a record."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = visible(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:
        return _with_margin(super().formatException(ei))  # type: ignore[arg-type]

    def formatStack(self, stack_info: str) -> str:
        return _with_margin(super().formatStack(stack_info))

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have left its own text of the exception on the record.
        record.exc_text = None
        return mask_numbers(super().format(record))


def _with_margin(text: str) -> str:
    return "\n".join(TRACEBACK_MARGIN + visible(line) for line in text.split("\n"))
