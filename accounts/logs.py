"""The last line of defence for logs: what looks like a person's number is masked on its way out."""

import logging
import re

# 15 to 19 digits in a row (ID numbers, bank cards), an x at the end included, or a mobile number.
NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{15,19}|[0-9]{17}[Xx]|1[3-9][0-9]{9})(?![0-9A-Za-z])")


def masked(text: str) -> str:
    return NUMBERS.sub(lambda found: "*" * len(found[0]), text)


class MaskedFormatter(logging.Formatter):
    """One line a record: line breaks in a logged value can't forge another record."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record).replace("\r", "\\r"))
