"""A sealed text is read with its key, in its place, unchanged, or not at all."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.crypto import CryptoError, KeyRing


def key(number, letter):
    return f"{number}:{base64.b64encode(letter.encode() * 32).decode()}"


ONE = KeyRing.parse(key(1, "a"))
TWO = KeyRing.parse(f"{key(2, 'b')},{key(1, 'a')}")


@given(st.text(), st.text(max_size=40))
def test_what_was_sealed_comes_back(text, place):
    assert ONE.decrypt(ONE.encrypt(text, place=place), place=place) == text


def test_the_same_text_is_sealed_differently_every_time():
    assert len({ONE.encrypt("张三", place="a.b") for _ in range(50)}) == 50


@given(st.lists(st.text(), max_size=8), st.text(max_size=40))
def test_many_texts_come_back_in_their_order_and_each_by_itself(texts, place):
    sealed = TWO.encrypt_many(texts, place=place)
    assert [TWO.decrypt(one, place=place) for one in sealed] == texts
    assert all(one.startswith("2:") for one in sealed)


def test_many_texts_are_bound_to_their_place():
    [sealed] = ONE.encrypt_many(["13800138000"], place="accounts.user.name")
    with pytest.raises(CryptoError):
        ONE.decrypt(sealed, place="accounts.user.phone")


def test_every_one_of_many_texts_has_a_nonce_that_was_drawn_for_it(monkeypatch):
    drawn = []

    def draw(length):
        drawn.append(length)
        return bytes([len(drawn)]) * 12 + random(length - 12)

    random = os.urandom
    monkeypatch.setattr(os, "urandom", draw)
    sealed = [one for count in (50, 3) for one in ONE.encrypt_many(["张三"] * count, place="a.b")]
    nonces = [base64.b64decode(one.partition(":")[2])[:12] for one in sealed]
    assert len(set(nonces)) == 53
    # Nothing is kept for the next call: after a fork two processes would have it.
    assert drawn == [50 * 12, 3 * 12]
    assert [nonces[0], nonces[50]] == [b"\1" * 12, b"\2" * 12]


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_found(place, change):
    version, _, encoded = ONE.encrypt("11010519491231002X", place="a.b").partition(":")
    raw = bytearray(base64.b64decode(encoded))
    raw[place % len(raw)] ^= change
    with pytest.raises(CryptoError):
        ONE.decrypt(f"{version}:{base64.b64encode(raw).decode()}", place="a.b")


@given(st.integers(0, 10_000), st.sampled_from("ABCwxyz019+/= "))
def test_one_changed_letter_of_what_is_stored_is_found(place, letter):
    for text in ("", "1", "12", "张三"):
        stored = ONE.encrypt(text, place="a.b")
        place %= len(stored)
        changed = stored[:place] + letter + stored[place + 1 :]
        if changed != stored:
            with pytest.raises(CryptoError):
                ONE.decrypt(changed, place="a.b")


@pytest.mark.parametrize("prefix", ["0", " ", "+", "0_"])
def test_the_number_of_the_key_has_one_form(prefix):
    with pytest.raises(CryptoError):
        ONE.decrypt(prefix + ONE.encrypt("x", place="a.b"), place="a.b")


def test_a_value_moved_to_another_model_or_field_is_found():
    stored = ONE.encrypt("13800138000", place="accounts.user.name")
    for place in ("accounts.user.phone", "insurance.insuredperson.name", ""):
        with pytest.raises(CryptoError):
            ONE.decrypt(stored, place=place)


@pytest.mark.parametrize(
    "stored",
    ["", ":", "1:", "1", "x:abc", "1:!!!", "1:YWJj", "9:YWJj", "plain text", "1:" + "A" * 60],
)
def test_what_this_ring_never_wrote_is_refused(stored):
    with pytest.raises(CryptoError):
        ONE.decrypt(stored, place="a.b")


def test_the_newest_key_writes_and_all_read():
    old = ONE.encrypt("x", place="a.b")
    assert TWO.decrypt(old, place="a.b") == "x"
    new = TWO.encrypt("x", place="a.b")
    assert new.startswith("2:")
    with pytest.raises(CryptoError):
        ONE.decrypt(new, place="a.b")


def test_an_old_text_passed_off_under_the_new_number_is_found():
    old = ONE.encrypt("x", place="a.b")
    with pytest.raises(CryptoError):
        TWO.decrypt("2:" + old[2:], place="a.b")


def test_digests_depend_on_key_purpose_and_text():
    digests = {
        ONE.digest("x", purpose="phone"),
        ONE.digest("x", purpose="card"),
        ONE.digest("y", purpose="phone"),
        TWO.digest("x", purpose="phone"),
    }
    assert len(digests) == 4
    assert TWO.digest("x", purpose="phone", version=1) == ONE.digest("x", purpose="phone")
    assert ONE.digest("x", purpose="phone") == ONE.digest("x", purpose="phone")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1:",
        "1:short",
        key(1, "a") + "," + key(1, "b"),
        key(0, "a"),
        key(-1, "a"),
        key(40000, "a"),
        key("x", "a"),
        "1:" + base64.b64encode(b"a" * 31).decode(),
        "1:" + base64.b64encode(b"a" * 33).decode(),
        key(1, "a") + ",",
    ],
)
def test_a_ring_that_cannot_be_read_is_refused(text):
    with pytest.raises(CryptoError):
        KeyRing.parse(text)


def test_no_key_stands_in_the_repr_of_a_ring():
    assert "aaaa" not in repr(ONE)


def test_the_version_of_a_missing_key_is_told():
    with pytest.raises(CryptoError, match="key 7"):
        ONE.digest("x", purpose="phone", version=7)


def test_bytes_are_sealed_for_their_place_and_any_change_is_noticed():
    sealed = ONE.encrypt_bytes(b"\x00\xff pixels", place="file a")
    assert b"pixels" not in sealed
    assert sealed != ONE.encrypt_bytes(b"\x00\xff pixels", place="file a")
    assert TWO.decrypt_bytes(sealed, place="file a") == b"\x00\xff pixels"
    for wrong in (sealed[:-1], sealed[:10], b"", b"\x00\x07" + sealed[2:]):
        with pytest.raises(CryptoError):
            TWO.decrypt_bytes(wrong, place="file a")
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(CryptoError):
            ONE.decrypt_bytes(bytes(changed), place="file a")
    with pytest.raises(CryptoError):
        ONE.decrypt_bytes(sealed, place="file b")
