"""Addresses at the desk about ballots, their keys and codes."""

from django.urls import path

from zhengyou.web.desk import ballots_pages

urlpatterns = [
    path("ballots/", ballots_pages.ballots, name="desk-ballots"),
    path("ballots/<uuid:key>/", ballots_pages.ballot, name="desk-ballot"),
    path("ballots/<uuid:key>/roll.json", ballots_pages.roll_entry, name="desk-roll-entry"),
]
