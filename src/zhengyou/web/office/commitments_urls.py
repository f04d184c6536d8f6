"""Addresses of the campaign office about promises."""

from django.urls import path

from zhengyou.web.office import commitments_pages

urlpatterns = [
    path("cycles/<int:cycle_id>/promises/", commitments_pages.coverage, name="office-coverage"),
    path("cycles/<int:cycle_id>/answers/", commitments_pages.answers, name="office-answers"),
    path("answers/<int:number>/hide/", commitments_pages.hide, name="office-answer-hide"),
    path("answers/<int:number>/show/", commitments_pages.show, name="office-answer-show"),
]
