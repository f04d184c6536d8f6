"""Addresses of the public face about reports on the situation."""

from django.urls import path

from zhengyou.web.public import situations_pages

urlpatterns = [
    path("organisations/<str:code>/situations/", situations_pages.reports, name="public-situations"),
    path("organisations/<str:code>/situations/<int:number>/", situations_pages.report, name="public-situation"),
]
