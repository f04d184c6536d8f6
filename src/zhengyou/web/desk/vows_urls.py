"""Addresses at the desk about what members promise themselves."""

from django.urls import path

from zhengyou.web.desk import vows_pages

urlpatterns = [
    path("my-promises/", vows_pages.own, name="desk-vow"),
    path("my-promises/colleagues/", vows_pages.colleagues, name="desk-vow-colleagues"),
    path("promises/<str:code>/members/", vows_pages.members, name="desk-vows"),
    path("members/<int:person_id>/record/", vows_pages.record, name="desk-vow-record"),
    path("members/<int:person_id>/exempt/", vows_pages.exempt, name="desk-vow-exempt"),
    path("members/vows/<int:number>/not-exempt/", vows_pages.end_exemption, name="desk-vow-exemption-end"),
    path("members/vows/<int:number>/so/", vows_pages.answer_record, name="desk-vow-answer"),
    path("members/vows/<int:number>/", vows_pages.review, name="desk-vow-review"),
]
