"""Addresses of the desk about what appraisals said of persons."""

from django.urls import path

from zhengyou.web.desk import persons_pages

urlpatterns = [
    path("people/", persons_pages.results, name="desk-person-results"),
    path("people/<uuid:key>/<str:code>/", persons_pages.unit, name="desk-person-unit"),
]
