from django.urls import path

from queries.views import public, styleguide

app_name = "queries"

urlpatterns = [
    path("", public.start, name="start"),
    path("help/", public.help_page, name="help"),
    path("identify/", public.identify, name="identify"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
