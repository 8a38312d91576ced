"""Pooling areas."""

from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from insurance.models import PoolingArea


@admin.register(PoolingArea)
class PoolingAreaAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_zh", "name_en", "level", "parent", "is_listed")
    list_select_related = ("parent",)
    list_filter = ("level", "is_listed")
    search_fields = ("code", "name_zh", "name_en")
    fields = ("code", "admdvs", "name_zh", "name_en", "level", "parent", "is_listed")
