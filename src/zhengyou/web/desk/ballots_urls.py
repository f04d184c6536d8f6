"""Addresses at the desk about ballots, their keys and codes."""

from django.urls import path

from zhengyou.web.desk import ballot_pages

urlpatterns = [
    path("ballots/", ballot_pages.ballots, name="desk-ballots"),
    path("ballots/<uuid:key>/", ballot_pages.ballot, name="desk-ballot"),
    path("ballots/<uuid:key>/roll.json", ballot_pages.roll_entry, name="desk-roll-entry"),
]
