"""Who carries the short messages of the rig: a file that has a line for each before the carrier says that it took it."""

import os

FILE = "GONGJI_SOAK_MESSAGES"


class Carrier:
    """A back end of `accounts.sms`. Many processes append to one file, each line at once."""

    at_once = False
    keeps_body = False

    def send(self, *, phone, body):
        if path := os.environ.get(FILE):
            line = f"{phone}\n".encode()
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, line)
            finally:
                os.close(file)


def taken(path):
    """How many messages were carried."""
    try:
        with open(path, "rb") as file:
            return sum(1 for _line in file)
    except FileNotFoundError:
        return 0
