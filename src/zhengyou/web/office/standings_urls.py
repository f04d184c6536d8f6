"""Addresses of the campaign office about results and what is learned from them."""

from django.urls import path

from zhengyou.web.office import standings_pages

urlpatterns = [
    path("cycles/<int:cycle_id>/outside/", standings_pages.outside_figures, name="office-outside"),
    path("cycles/<int:cycle_id>/outside/<int:figure_id>/remove/", standings_pages.remove, name="office-outside-remove"),
]
