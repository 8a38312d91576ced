"""Addresses of the insurance floor: beside the door, and the inbox."""

from django.urls import include, path

from insurance.views import looks, notices, sign_up

app_name = "insurance"
beside_the_door = [
    path("sign-up/", sign_up.sign_up, name="sign-up"),
    path("sign-up/code/", sign_up.sign_up_code, name="sign-up-code"),
    path("sign-up/slip/", sign_up.sign_up_slip, name="sign-up-slip"),
    path("sign-up/password/", sign_up.sign_up_password, name="sign-up-password"),
    path("looks/", looks.who_looked, name="looks"),
]
inbox = [
    path("", notices.show, name="notices"),
    path("read/", notices.read_all, name="notices-read"),
    path("<uuid:reference>/read/", notices.read, name="notice-read"),
]
urlpatterns = [path("accounts/", include(beside_the_door)), path("notices/", include(inbox))]
