"""Addresses of the campaign office about plans."""

from django.urls import path

from zhengyou.web.office import consultation_pages

urlpatterns = [
    path("cycles/<int:cycle_id>/plans/", consultation_pages.plans, name="office-plans"),
    path("cycles/<int:cycle_id>/plans/missing/", consultation_pages.missing, name="office-plans-missing"),
]
