"""Addresses of the desk about anybody's words."""

from django.urls import path

from zhengyou.web.desk import remarks_pages

urlpatterns = [
    path("words/", remarks_pages.remarks, name="desk-remarks"),
    path("words/<int:remark_id>/answer/", remarks_pages.answer, name="desk-remark-answer"),
    path("words/<int:remark_id>/photo.jpg", remarks_pages.photo, name="desk-remark-photo"),
]
