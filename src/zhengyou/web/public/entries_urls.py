"""Addresses of the public face about public entries."""

from django.urls import path

from zhengyou.web.public import entries_pages

urlpatterns = [
    path("entries/", entries_pages.entries_list, name="public-entries"),
    path("entries/lines/", entries_pages.entries_lines, name="public-entries-lines"),
    path("entries/<int:number>/", entries_pages.entry, name="public-entry"),
    path("entries/<int:number>/document/", entries_pages.entry_document, name="public-entry-document"),
    path("entries/texts/<slug:digest>/", entries_pages.entry_text, name="public-entry-text"),
]
