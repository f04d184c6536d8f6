"""Addresses of the public face about cases."""

from django.urls import path

from zhengyou.web.public import cases_pages

urlpatterns = [
    path("cases/", cases_pages.cases, name="public-cases"),
    path("cases/own/", cases_pages.own, name="public-case-own"),
    path("cases/figures/", cases_pages.figures, name="public-case-figures"),
    path("cases/<int:year>-<int:number>/", cases_pages.case, name="public-case"),
    path("organisations/<str:code>/report/", cases_pages.report, name="public-case-report"),
]
