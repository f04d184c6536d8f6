"""Addresses of the campaign office about ballots, their keys and codes."""

from django.urls import path

from zhengyou.web.office import poll_pages

urlpatterns = [
    path("polls/<uuid:key>/pools/<slug:slug>/codes/", poll_pages.codes, name="office-poll-codes"),
    path("polls/<uuid:key>/keys/", poll_pages.prepare, name="office-poll-keys"),
    path("polls/<uuid:key>/open/", poll_pages.open_poll, name="office-poll-open"),
]
