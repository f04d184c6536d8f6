"""Addresses of the public face about polls."""

from django.urls import path

from zhengyou.web.public import polls_pages

urlpatterns = [
    path("booth/", polls_pages.polls, name="public-polls"),
]
