"""Addresses of a second issuer's process; the only ones it has."""

from django.urls import path

from zhengyou.web.issuer import issuers_pages

handler404 = "zhengyou.web.issuer.issuers_pages.not_found"

urlpatterns = [
    path("", issuers_pages.about, name="issuer-about"),
    path("health", issuers_pages.health, name="issuer-health"),
    path("issue/<uuid:key>/<slug:pool>/", issuers_pages.issue, name="issuer-issue"),
    path("issue/<uuid:key>/<slug:pool>/check", issuers_pages.check, name="issuer-check"),
    path("issue/<uuid:key>/<slug:pool>/statement", issuers_pages.statement, name="issuer-statement"),
]
