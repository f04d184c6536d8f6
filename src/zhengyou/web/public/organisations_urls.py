"""Addresses of the public face about organisations, and of the search."""

from django.urls import path

from zhengyou.web.public import organisations_pages, searching_pages

urlpatterns = [
    path("organisations/", searching_pages.find, name="public-find"),
    path("organisations/<str:code>/", organisations_pages.organisation, name="public-organisation"),
]
