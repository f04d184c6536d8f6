"""Addresses of the campaign office about polls."""

from django.urls import path

from zhengyou.web.office import persons_pages, polls_pages

urlpatterns = [
    path("polls/", polls_pages.polls, name="office-polls"),
    path("polls/new/", polls_pages.plan, name="office-poll-plan"),
    path("polls/new/persons/", persons_pages.plan, name="office-poll-plan-persons"),
    path("polls/<uuid:key>/", polls_pages.one_poll, name="office-poll"),
    path("polls/<uuid:key>/pools/<slug:slug>/remove/", polls_pages.remove_pool, name="office-poll-pool-remove"),
    path("polls/<uuid:key>/questions/", polls_pages.question, name="office-poll-question-add"),
    path("polls/<uuid:key>/questions/<int:number>/", polls_pages.question, name="office-poll-question"),
    path(
        "polls/<uuid:key>/questions/<int:number>/remove/",
        polls_pages.remove_question,
        name="office-poll-question-remove",
    ),
    path("polls/<uuid:key>/times/", polls_pages.times, name="office-poll-times"),
    path("polls/<uuid:key>/delete/", polls_pages.delete, name="office-poll-delete"),
    path("polls/<uuid:key>/poster/", polls_pages.poster, name="office-poll-poster"),
    path("polls/<uuid:key>/scrutineers/", polls_pages.add_scrutineer, name="office-poll-scrutineers"),
    path(
        "polls/<uuid:key>/scrutineers/<int:number>/dismiss/",
        polls_pages.dismiss_scrutineer,
        name="office-poll-scrutineer-dismiss",
    ),
]
