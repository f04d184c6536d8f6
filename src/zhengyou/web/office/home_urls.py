"""Addresses of the office's first page and of the set-up."""

from django.urls import path

from zhengyou.web.office import home_pages

urlpatterns = [
    path("", home_pages.home, name="office-home"),
    path("set-up/", home_pages.set_up, name="office-set-up"),
]
