"""Addresses at the desk about what is due."""

from django.urls import path

from zhengyou.web.desk import rhythm_pages

urlpatterns = [
    path("", rhythm_pages.due, name="desk-home"),
]
