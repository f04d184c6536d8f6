"""Addresses of the desk: members, secretaries, leaders."""

from django.urls import path

from zhengyou.web.desk import ballot_pages, commitment_pages, due_pages, lesson_pages, scrutiny_pages

urlpatterns = [
    path("", due_pages.due, name="desk-home"),
    path("ballots/", ballot_pages.ballots, name="desk-ballots"),
    path("ballots/<uuid:key>/", ballot_pages.ballot, name="desk-ballot"),
    path("ballots/<uuid:key>/roll.json", ballot_pages.roll_entry, name="desk-roll-entry"),
    path("scrutiny/", scrutiny_pages.polls, name="desk-scrutiny-polls"),
    path("scrutiny/<uuid:key>/", scrutiny_pages.scrutiny, name="desk-scrutiny"),
    path("scrutiny/<uuid:key>/openings/", scrutiny_pages.openings, name="desk-scrutiny-openings"),
    path("promises/", commitment_pages.overview, name="desk-promises"),
    path("promises/<str:code>/", commitment_pages.commitment, name="desk-commitment"),
    path("promises/<str:code>/theme/", commitment_pages.theme, name="desk-theme"),
    path("promises/<str:code>/new/", commitment_pages.write, name="desk-promise-write"),
    path("promises/<str:code>/propose/", commitment_pages.propose, name="desk-propose"),
    path("promises/<str:code>/<int:promise_id>/", commitment_pages.change, name="desk-promise-change"),
    path("promises/<str:code>/<int:promise_id>/withdraw/", commitment_pages.withdraw, name="desk-promise-withdraw"),
    path("promises/<str:code>/<int:promise_id>/progress/", commitment_pages.progress, name="desk-progress"),
    path("promises/<str:code>/<int:promise_id>/outcome/", commitment_pages.outcome, name="desk-outcome"),
    path("lessons/<str:code>/", lesson_pages.lessons, name="desk-lessons"),
    path("reviews/<str:code>/", commitment_pages.review, name="desk-review"),
]
