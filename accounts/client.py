"""Where a request comes from, as far as it can be believed."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
# One household or one company is given at least this much of IPv6; a single address of it costs nothing.
IPV6_PREFIX = 64
MAX_USER_AGENT = 500  # longer ones are no browser's, and patterns need not read them

# First match wins: WeChat and Edge also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Alipay", "Alipay"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("UCBrowser", "UC Browser"),
    ("QQBrowser", "QQ Browser"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("OpenHarmony|HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def ip_address(request: HttpRequest) -> str | None:
    """The address of the client, or None when there is none (a socket) or it can't be read.

    With n proxies of ours in front, each appends the address it was called from, so the n-th from the right is the last one
    that we wrote ourselves. Whatever stands left of it was sent by the client and is never read.
    """
    text = request.META.get("REMOTE_ADDR", "")
    count = settings.TRUSTED_PROXY_COUNT
    if count:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= count:
            text = hops[-count]
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def network(address: str | None) -> str:
    """The key that limits count by: an IPv4 address as it is, an IPv6 address by its /64."""
    if not address:
        return UNKNOWN
    if ":" in address:
        return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False))
    return address


def device_label(request: HttpRequest) -> str:
    """Browser and system for the list of sign-ins, such as "Chrome / Windows"; "" when neither is known.

    Made of our own words only: nothing that a client sends ends up on a page.
    """
    agent = request.META.get("HTTP_USER_AGENT", "")[:MAX_USER_AGENT]
    found = [_first(names, agent) for names in (BROWSERS, SYSTEMS)]
    return " / ".join(name for name in found if name)


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, agent)), "")
