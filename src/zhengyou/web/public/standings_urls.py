"""Addresses of the public face about results and what is learned from them."""

from django.urls import path

from zhengyou.web.public import standings_pages

urlpatterns = [
    path("results/<uuid:key>/", standings_pages.results, name="public-results"),
    path("results/<uuid:key>/<int:number>/", standings_pages.results, name="public-result-number"),
    path("results/<uuid:key>/<int:number>/brief/", standings_pages.brief, name="public-result-brief"),
    path("results/<uuid:key>/<int:number>/units/<str:code>/", standings_pages.unit, name="public-unit"),
    path("results/<uuid:key>/<int:number>/<slug:pool_id>.csv", standings_pages.scores, name="public-scores"),
    path(
        "results/<uuid:key>/<int:number>/standing/<slug:pool_id>.csv", standings_pages.standing, name="public-standing"
    ),
]
