"""Addresses of the public face about organisations."""

from django.urls import path

from zhengyou.web.public import organisations_pages

urlpatterns = [
    path("organisations/", organisations_pages.find, name="public-find"),
    path("organisations/<str:code>/", organisations_pages.organisation, name="public-organisation"),
]
