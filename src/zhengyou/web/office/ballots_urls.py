"""Addresses of the campaign office about ballots: their keys, codes and second issuers."""

from django.urls import path

from zhengyou.web.office import ballots_pages

urlpatterns = [
    path("polls/<uuid:key>/pools/<slug:slug>/codes/", ballots_pages.codes, name="office-poll-codes"),
    path("polls/<uuid:key>/keys/", ballots_pages.prepare, name="office-poll-keys"),
    path("polls/<uuid:key>/open/", ballots_pages.open_poll, name="office-poll-open"),
    path("polls/<uuid:key>/extend/", ballots_pages.extend, name="office-poll-extend"),
    path("polls/<uuid:key>/pools/<slug:slug>/issuer/", ballots_pages.issuer, name="office-issuer"),
    path(
        "polls/<uuid:key>/pools/<slug:slug>/issuer/request.json",
        ballots_pages.issuer_request,
        name="office-issuer-request",
    ),
    path("polls/<uuid:key>/pools/<slug:slug>/issuer/reply/", ballots_pages.issuer_reply, name="office-issuer-reply"),
    path(
        "polls/<uuid:key>/pools/<slug:slug>/issuer/dismiss/",
        ballots_pages.dismiss_issuer,
        name="office-issuer-dismiss",
    ),
    path(
        "polls/<uuid:key>/pools/<slug:slug>/issuer/statement/",
        ballots_pages.issuer_statement,
        name="office-issuer-statement",
    ),
]
