"""Addresses of a second issuer's process; the only ones it has."""

from django.urls import path

from zhengyou.web.issuer import pages

handler404 = "zhengyou.web.issuer.pages.not_found"

urlpatterns = [
    path("", pages.about, name="issuer-about"),
    path("health", pages.health, name="issuer-health"),
    path("issue/<uuid:key>/<slug:pool>/", pages.issue, name="issuer-issue"),
    path("issue/<uuid:key>/<slug:pool>/check", pages.check, name="issuer-check"),
    path("issue/<uuid:key>/<slug:pool>/statement", pages.statement, name="issuer-statement"),
]
