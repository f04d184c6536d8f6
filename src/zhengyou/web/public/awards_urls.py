"""Addresses of the public face about selections and honours."""

from django.urls import path

from zhengyou.web.public import awards_pages

urlpatterns = [
    path("honours/decisions/<int:commendation_id>/", awards_pages.certificates, name="public-certificates"),
    path("honours/", awards_pages.honours, name="public-honours"),
    path("honours/<str:code>/", awards_pages.honour, name="public-honour"),
]
