"""Addresses of the public face about anybody's words."""

from django.urls import path

from zhengyou.web.public import remarks_pages
from zhengyou.web.shared import public_writing

urlpatterns = [
    path("words/", remarks_pages.all_words, name="public-words"),
    path("words/puzzle/", public_writing.puzzle, name="puzzle"),
    path("words/at/<int:remark_id>/", remarks_pages.words, name="public-remark"),
    path("words/<int:remark_id>/report/", remarks_pages.report, name="public-report"),
    path("words/<int:remark_id>/reported/", remarks_pages.reported, name="public-reported"),
    path("words/<slug:public_id>/", remarks_pages.own_words, name="public-own-words"),
    path("words/<slug:public_id>.jpg", remarks_pages.own_photo, name="public-own-photo"),
]
