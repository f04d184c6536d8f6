"""Addresses of the public face."""

from django.urls import path

from zhengyou.web.public import organisation_pages

urlpatterns = [
    path("", organisation_pages.home, name="public-home"),
    path("organisations/", organisation_pages.find, name="public-find"),
    path("organisations/<str:code>/", organisation_pages.organisation, name="public-organisation"),
]
