"""Addresses of the desk: members, secretaries, leaders."""

from django.urls import path

from zhengyou.web.desk import due_pages

urlpatterns = [path("", due_pages.due, name="desk-home")]
