"""Addresses of the accounts floor."""

from django.urls import path

from accounts.views import outbox, reset, second_factor, security, sign_in, sign_out, sms, uploads

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/sms/", sms.sign_in_sms, name="sign-in-sms"),
    path("sign-in/sms/code/", sms.sign_in_sms_code, name="sign-in-sms-code"),
    path("sign-in/sms/who/", sms.sign_in_sms_who, name="sign-in-sms-who"),
    path("second-factor/", second_factor.second_factor, name="second-factor"),
    path("reset/", reset.reset, name="reset"),
    path("reset/code/", reset.reset_code, name="reset-code"),
    path("reset/who/", reset.reset_who, name="reset-who"),
    path("reset/password/", reset.reset_password, name="reset-password"),
    path("security/", security.security, name="security"),
    path("security/end-others/", security.end_others, name="end-others"),
    path("security/password/", security.change_password, name="change-password"),
    path("security/phone/", security.change_phone, name="change-phone"),
    path("security/phone/code/", security.change_phone_code, name="change-phone-code"),
    path("sign-out/", sign_out.sign_out, name="sign-out"),
    path("signed-out/", sign_out.signed_out, name="signed-out"),
    path("session-ended/", sign_out.session_ended, name="session-ended"),
    path("still-here/", sign_out.still_here, name="still-here"),
    path("uploads/<uuid:public_id>/", uploads.upload, name="upload"),
    path("outbox/", outbox.outbox, name="outbox"),
]
