"""Addresses of the public face about notices and objections."""

from django.urls import path

from zhengyou.web.public import notices_pages

urlpatterns = [
    path("notices/", notices_pages.notices, name="public-notices"),
    path("notices/objection/", notices_pages.answer, name="public-objection-answer"),
    path("notices/<int:year>-<int:number>/", notices_pages.notice, name="public-notice"),
]
