"""Addresses of the campaign office about anybody's words."""

from django.urls import path

from zhengyou.web.office import remarks_pages

urlpatterns = [
    path("cycles/<int:cycle_id>/words/", remarks_pages.remarks, name="office-remarks"),
    path("cycles/<int:cycle_id>/words/together/", remarks_pages.flood, name="office-remark-flood"),
    path("words/<int:remark_id>/answer/", remarks_pages.answer, name="office-remark-answer"),
    path("words/<int:remark_id>/photo.jpg", remarks_pages.photo, name="office-remark-photo"),
]
