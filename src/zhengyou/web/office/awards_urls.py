"""Addresses of the campaign office about selections and honours."""

from django.urls import path

from zhengyou.web.office import awards_correcting_pages as correcting
from zhengyou.web.office import awards_file_pages, awards_pages
from zhengyou.web.office import awards_lists_pages as lists

urlpatterns = [
    path("selections/", awards_pages.selections, name="office-selections"),
    path("selections/new/", awards_pages.make, name="office-selection-make"),
    path("selections/<int:pk>/", awards_pages.selection, name="office-selection"),
    path("selections/<int:pk>/candidates/", lists.candidates, name="office-candidates"),
    path("selections/<int:pk>/candidates/file/", awards_file_pages.from_file, name="office-candidates-file"),
    path(
        "selections/<int:pk>/candidates/<int:candidate_pk>/", awards_pages.change_deeds, name="office-candidate-deeds"
    ),
    path(
        "selections/<int:pk>/candidates/<int:candidate_pk>/remove/",
        awards_pages.remove_candidate,
        name="office-candidate-remove",
    ),
    path("selections/<int:pk>/notice/", awards_pages.publish, name="office-selection-notice"),
    path("selections/<int:pk>/change/", correcting.change, name="office-selection-change"),
    path("selections/<int:pk>/withdraw/", correcting.withdraw, name="office-selection-withdraw"),
    path("selections/<int:pk>/notice/correct/", correcting.correct_notice, name="office-selection-notice-correct"),
    path("selections/<int:pk>/notice/withdraw/", correcting.withdraw_notice, name="office-selection-notice-withdraw"),
    path("selections/<int:pk>/commendation/correct/", correcting.correct_decision, name="office-selection-decision"),
    path("selections/<int:pk>/commendation/", awards_pages.commend, name="office-selection-commend"),
    path("honours/<int:pk>/revoke/", awards_pages.revoke, name="office-honour-revoke"),
]
