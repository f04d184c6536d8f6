"""Addresses of the campaign office about promises."""

from django.urls import path

from zhengyou.web.office import commitments_pages

urlpatterns = [
    path("cycles/<int:cycle_id>/promises/", commitments_pages.coverage, name="office-coverage"),
]
