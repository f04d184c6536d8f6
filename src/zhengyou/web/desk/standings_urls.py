"""Addresses at the desk about results and what is learned from them."""

from django.urls import path

from zhengyou.web.desk import standings_pages

urlpatterns = [
    path("lessons/<str:code>/", standings_pages.lessons, name="desk-lessons"),
]
