"""Addresses at the desk about reports on the situation."""

from django.urls import path

from zhengyou.web.desk import situations_pages

urlpatterns = [path("situations/<str:code>/", situations_pages.write, name="desk-situation-write")]
