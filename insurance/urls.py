"""Addresses of the insurance floor."""

from django.urls import URLPattern

app_name = "insurance"
urlpatterns: list[URLPattern] = []
