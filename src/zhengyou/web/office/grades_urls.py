"""Addresses of the campaign office about yearly grades."""

from django.urls import path

from zhengyou.web.office import grades_pages

urlpatterns = [path("cycles/<int:cycle_id>/grades/", grades_pages.coverage, name="office-grades")]
