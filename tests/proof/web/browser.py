"""A browser without JavaScript on the wire: cookies, forms and their hidden fields."""

import base64
import re

import requests
from django_otp.oath import TOTP

FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
ACTION = re.compile(r'<form\b[^>]*\baction="([^"]*)"')
HIDDEN = re.compile(r"<input\b[^>]*>")


class Browser:
    """One person's window. `page` is the text of the page that it shows."""

    def __init__(self, service) -> None:
        self.home = service.address
        self.session = requests.Session()
        self.session.verify = str(service.certificate)
        # A proxy of the machine's environment is not asked for the way to this machine.
        self.session.trust_env = False
        self.page, self.url = "", ""

    def go(self, path: str) -> str:
        return self._show(self.session.get(self.home + path, timeout=20))

    def send(self, with_: str, **typed: str) -> str:
        """Press the button of the first form of the page that holds that text."""
        form = next(one for one in FORM.findall(self.page) if with_ in one)
        action = ACTION.search(form)
        target = requests.compat.urljoin(self.url, action[1] if action and action[1] else self.url)
        data = hidden(form) | typed
        headers = {"Referer": self.url}
        return self._show(self.session.post(target, data, headers=headers, timeout=20))

    def sign_in(self, person) -> str:
        self.go("/accounts/sign-in/")
        return self.send('name="password"', box=person["id_number"], password=person["password"])

    def second_factor(self, secret: str) -> str:
        return self.send('name="token"', token=f"{TOTP(base64.b32decode(secret)).token():06d}")

    def _show(self, answer) -> str:
        answer.raise_for_status()
        self.page, self.url = answer.text, answer.url
        return self.page


def hidden(form: str) -> dict[str, str]:
    """The fields of a form that nobody sees."""
    found = {}
    for box in HIDDEN.findall(form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', box))
        if said.get("type") == "hidden":
            found[said["name"]] = said.get("value", "")
    return found
