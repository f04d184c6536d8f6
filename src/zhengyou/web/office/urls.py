"""Addresses of the campaign office."""

from django.urls import path

from zhengyou.web.office import organisation_pages

urlpatterns = [
    path("", organisation_pages.home, name="office-home"),
    path("organisations/", organisation_pages.tree, name="office-tree"),
]
