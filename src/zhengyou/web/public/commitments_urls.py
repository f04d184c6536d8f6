"""Addresses of the public face about promises."""

from django.urls import path

from zhengyou.web.public import commitments_pages

urlpatterns = [
    path("promises/", commitments_pages.promises, name="public-promises"),
    path("organisations/<str:code>/promises/<int:promise_id>/", commitments_pages.promise, name="public-promise"),
    path("files/<slug:digest>.pdf", commitments_pages.paper, name="public-paper"),
    path("files/<slug:digest>.jpg", commitments_pages.photo, name="public-photo"),
]
