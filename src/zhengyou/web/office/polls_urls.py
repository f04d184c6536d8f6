"""Addresses of the campaign office about polls."""

from django.urls import path

from zhengyou.web.office import issuer_pages, poll_closing_pages, poll_pages

urlpatterns = [
    path("polls/", poll_pages.polls, name="office-polls"),
    path("polls/new/", poll_pages.plan, name="office-poll-plan"),
    path("polls/<uuid:key>/", poll_pages.one_poll, name="office-poll"),
    path("polls/<uuid:key>/pools/<slug:slug>/remove/", poll_pages.remove_pool, name="office-poll-pool-remove"),
    path("polls/<uuid:key>/pools/<slug:slug>/issuer/", issuer_pages.issuer, name="office-issuer"),
    path(
        "polls/<uuid:key>/pools/<slug:slug>/issuer/request.json",
        issuer_pages.request_file,
        name="office-issuer-request",
    ),
    path("polls/<uuid:key>/pools/<slug:slug>/issuer/reply/", issuer_pages.reply, name="office-issuer-reply"),
    path("polls/<uuid:key>/pools/<slug:slug>/issuer/dismiss/", issuer_pages.dismiss, name="office-issuer-dismiss"),
    path(
        "polls/<uuid:key>/pools/<slug:slug>/issuer/statement/", issuer_pages.statement, name="office-issuer-statement"
    ),
    path("polls/<uuid:key>/times/", poll_pages.times, name="office-poll-times"),
    path("polls/<uuid:key>/delete/", poll_pages.delete, name="office-poll-delete"),
    path("polls/<uuid:key>/poster/", poll_pages.poster, name="office-poll-poster"),
    path("polls/<uuid:key>/scrutineers/", poll_pages.add_scrutineer, name="office-poll-scrutineers"),
    path(
        "polls/<uuid:key>/scrutineers/<int:number>/dismiss/",
        poll_pages.dismiss_scrutineer,
        name="office-poll-scrutineer-dismiss",
    ),
    path("polls/<uuid:key>/extend/", poll_closing_pages.extend, name="office-poll-extend"),
]
