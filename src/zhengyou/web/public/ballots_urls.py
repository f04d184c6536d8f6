"""Addresses of the public face about ballots, their keys and codes."""

from django.urls import path

from zhengyou.web.public import ballots_pages

urlpatterns = [
    path("booth/<uuid:key>/", ballots_pages.booth, name="booth"),
    path("booth/<uuid:key>/manifest.json", ballots_pages.manifest, name="booth-manifest"),
    path("booth/<uuid:key>/opening.json", ballots_pages.opening, name="booth-opening"),
    path("booth/<uuid:key>/keys", ballots_pages.keys, name="booth-keys"),
    path("booth/<uuid:key>/entry/", ballots_pages.entry, name="booth-entry"),
    path("booth/<uuid:key>/paper", ballots_pages.paper, name="booth-paper"),
    path("booth/<uuid:key>/issue", ballots_pages.issue, name="booth-issue"),
    path("booth/<uuid:key>/cast", ballots_pages.cast, name="booth-cast"),
    path("trust/", ballots_pages.trust, name="trust"),
]
