"""Addresses of the public face about polls."""

from django.urls import path

from zhengyou.web.public import booth_pages

urlpatterns = [
    path("booth/", booth_pages.polls, name="public-polls"),
]
