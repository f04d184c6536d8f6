"""Addresses of the campaign office about notices and objections."""

from django.urls import path

from zhengyou.web.office import notices_pages

urlpatterns = [
    path("objections/", notices_pages.docket, name="office-docket"),
    path("objections/<int:pk>/", notices_pages.objection, name="office-objection"),
    path("objections/<int:pk>/turn/", notices_pages.correct_ruling, name="office-objection-turn"),
    path("objections/<int:pk>/<slug:name>/", notices_pages.take_step, name="office-objection-step"),
    path("notices/<int:year>-<int:number>/objections/together/", notices_pages.flood, name="office-docket-flood"),
    path("notices/<int:year>-<int:number>/objections/new/", notices_pages.enter, name="office-objection-enter"),
]
