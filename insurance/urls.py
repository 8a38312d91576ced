"""Addresses of the insurance floor; they stand under /accounts/ beside the door."""

from django.urls import path

from insurance import views

app_name = "insurance"
urlpatterns = [
    path("sign-up/", views.sign_up, name="sign-up"),
    path("sign-up/code/", views.sign_up_code, name="sign-up-code"),
    path("sign-up/slip/", views.sign_up_slip, name="sign-up-slip"),
    path("sign-up/password/", views.sign_up_password, name="sign-up-password"),
    path("looks/", views.who_looked, name="looks"),
]
