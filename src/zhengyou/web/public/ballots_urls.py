"""Addresses of the public face about ballots, their keys and codes."""

from django.urls import path

from zhengyou.web.public import booth_pages, entry_pages, trust_pages

urlpatterns = [
    path("booth/<uuid:key>/", booth_pages.booth, name="booth"),
    path("booth/<uuid:key>/manifest.json", booth_pages.manifest, name="booth-manifest"),
    path("booth/<uuid:key>/opening.json", booth_pages.opening, name="booth-opening"),
    path("booth/<uuid:key>/keys", booth_pages.keys, name="booth-keys"),
    path("booth/<uuid:key>/entry/", entry_pages.entry, name="booth-entry"),
    path("booth/<uuid:key>/paper", booth_pages.paper, name="booth-paper"),
    path("booth/<uuid:key>/issue", booth_pages.issue, name="booth-issue"),
    path("booth/<uuid:key>/cast", booth_pages.cast, name="booth-cast"),
    path("trust/", trust_pages.trust, name="trust"),
]
