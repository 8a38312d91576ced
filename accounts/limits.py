"""Every number that slows an attacker down, with its reason. Nothing else in the project holds one.

A limit counts in a fixed window: at the seam of two windows twice its count may pass. The numbers are chosen so
that twice is still harmless. Anchors: login.gov's published limits, and stricter ones where a citizen never needs more.
"""

from dataclasses import dataclass

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True)
class Limit:
    """`count` events in `seconds`, per key; `name` is its key in the table and never changes its meaning."""

    name: str
    count: int
    seconds: int


# Short messages. They cost money and patience, so all purposes share one budget of a number.
SMS_GAP = Limit("sms-gap", 1, MINUTE)  # a message may take most of a minute to arrive
SMS_PHONE_HOUR = Limit("sms-phone-hour", 5, HOUR)  # four lost messages and one that arrives
SMS_PHONE_DAY = Limit(
    "sms-phone-day", 10, DAY
)  # 10 codes of 5 tries: 50 guesses in a million a day
SMS_IP_HOUR = Limit("sms-ip-hour", 20, HOUR)  # a family or a small office behind one address
SMS_ALL_HOUR = Limit("sms-all-hour", 3000, HOUR)  # the breaker: what an attack may cost at most

# Sign-in. Three nets: one attacker on one login, one attacker on many logins, many attackers on one login.
SIGN_IN_PAIR = Limit("sign-in-pair", 5, 15 * MINUTE)  # wrong passwords, by login and address
SIGN_IN_IP = Limit("sign-in-ip", 50, 15 * MINUTE)  # a service hall shares one address
# Wrong passwords for a login from anywhere. A known device passes by, so nobody can lock the owner out.
SIGN_IN_ACCOUNT = Limit("sign-in-account", 20, HOUR)
SECOND_FACTOR = Limit(
    "second-factor", 5, 15 * MINUTE
)  # one million codes, three of them good at a time

# Pages before sign-in that ask the register; names and ID numbers are known to every relative.
SIGN_UP_IP = Limit("sign-up-ip", 20, HOUR)
SIGN_UP_PERSON = Limit("sign-up-person", 10, DAY)  # by the ID number typed, found or not
RESET_IP = Limit("reset-ip", 20, HOUR)
RESET_PERSON = Limit("reset-person", 5, DAY)  # by the identifier typed, found or not

# A slip has more room than a code, but it lives for days.
SLIP_TRIES = Limit("slip-tries", 5, HOUR)  # by the ID number typed
SLIP_IP = Limit("slip-ip", 20, HOUR)

# Signed in.
CHANGE_PHONE = Limit("change-phone", 3, DAY)  # a slip of the finger, and once more
CHANGE_PASSWORD_TRIES = Limit(
    "change-password-tries", 5, 15 * MINUTE
)  # the present password, guessed

# A quote at a desk says what an account can give: a patient has a handful of bills a day, each asked twice.
QUOTE_PATIENT = Limit("quote-patient", 20, DAY)

# Proposals of family aid, by the person who makes them: nobody has more relatives to name in a day.
PROPOSALS_DAY = Limit("proposals-day", 10, DAY)
# Who would pay a bill? The answer is too coarse to find a balance by; this keeps a script from watching one. A family with
# several bills, and another order tried for each, stays below.
ASK_WHO_PAYS = Limit("ask-who-pays", 20, DAY)
# Card and ID number that don't belong together, by provider: a busy desk mistypes some; more is a search.
WRONG_PATIENTS = Limit("wrong-patients", 30, HOUR)
# People whom one clerk at a provider's desk finds out: a busy desk serves one a minute, and some show the code twice.
DESK_IDENTIFY = Limit("desk-identify", 120, HOUR)
# Requests of one key: a hospital of a hundred windows charges a bill a minute at each, asks for a quote before it, and some again.
API_KEY_MINUTE = Limit("api-key-minute", 600, MINUTE)

# Staff. A clerk at the window serves some 100 people a day; more in an hour is a search, not a service.
LOOK_UPS_HOUR = Limit("look-ups-hour", 60, HOUR)
# Codes to the phones of people at the window, by the clerk: as many as can be served, and each phone has its own limit.
COUNTER_CODES_HOUR = Limit("counter-codes-hour", 40, HOUR)
# Papers that don't fit the register, by the person they should be of: a slip of the finger, and once more. Four characters of
# an ID number are soon tried out.
COUNTER_PROOFS = Limit("counter-proofs", 5, HOUR)

LIMITS = tuple(value for value in list(globals().values()) if isinstance(value, Limit))
LONGEST_SECONDS = max(limit.seconds for limit in LIMITS)
