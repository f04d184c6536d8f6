"""Addresses of the public face about results and what is learned from them."""

from django.urls import path

from zhengyou.web.public import result_pages

urlpatterns = [
    path("results/<uuid:key>/", result_pages.results, name="public-results"),
    path("results/<uuid:key>/<int:number>/", result_pages.results, name="public-result-number"),
    path("results/<uuid:key>/<int:number>/units/<str:code>/", result_pages.unit, name="public-unit"),
    path("results/<uuid:key>/<int:number>/<slug:pool_id>.csv", result_pages.scores, name="public-scores"),
    path("results/<uuid:key>/<int:number>/standing/<slug:pool_id>.csv", result_pages.standing, name="public-standing"),
]
