"""Where a request comes from can't be forged."""

import pytest
from django.test import RequestFactory

from accounts import client

FORWARDED = "HTTP_X_FORWARDED_FOR"


def request(remote="192.0.2.1", **meta):
    return RequestFactory().get("/", REMOTE_ADDR=remote, **meta)


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "seen"),
    [
        (0, "192.0.2.1", None, "192.0.2.1"),
        (0, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "1.1.1.1,2.2.2.2,203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (1, "10.0.0.1", "", None),
        (1, "10.0.0.1", "1.1.1.1, nonsense", None),
        (0, "", None, None),
        (0, "::ffff:192.0.2.1", None, "192.0.2.1"),
        (0, "2001:DB8:0::1", None, "2001:db8::1"),
        (0, "fe80::1%eth0", None, "fe80::1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings, proxies, remote, forwarded, seen):
    settings.TRUSTED_PROXY_COUNT = proxies
    more = {} if forwarded is None else {FORWARDED: forwarded}
    assert client.ip_address(request(remote, **more)) == seen


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        (None, "unknown"),
    ],
)
def test_limits_count_an_ipv6_household_as_one(address, key):
    assert client.network(address) == key


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/150.0 Safari/537.36", "Chrome / Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150 Safari/537 Edg/150", "Edge / Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/1 Mobile MicroMessenger/8.0", "WeChat / Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604", "Safari / iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox / Linux"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) Chrome/114 HuaweiBrowser/5", "Huawei Browser / HarmonyOS"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
        ("x" * 100_000 + "Windows", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_in_our_own_words(agent, label):
    assert client.device_label(request(HTTP_USER_AGENT=agent)) == label
