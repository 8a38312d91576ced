"""What is typed at a provider's desk.

Fields with somebody's number begin with `verify_` and codes with `voucher_code`: what is being sent when a session ends is kept as a
draft, but for fields of these names.
"""
