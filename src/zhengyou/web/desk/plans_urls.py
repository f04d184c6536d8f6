"""Addresses at the desk about plans."""

from django.urls import path

from zhengyou.web.desk import plans_pages

urlpatterns = [
    path("promises/<str:code>/theme/", plans_pages.theme, name="desk-theme"),
    path("theme-known/<int:cycle_id>/", plans_pages.known, name="desk-theme-known"),
]
