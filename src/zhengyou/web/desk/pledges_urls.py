"""Addresses at the desk about what members promise themselves."""

from django.urls import path

from zhengyou.web.desk import pledges_pages

urlpatterns = [
    path("my-promises/", pledges_pages.own, name="desk-pledge"),
    path("promises/<str:code>/members/", pledges_pages.members, name="desk-pledges"),
    path("members/<int:person_id>/record/", pledges_pages.record, name="desk-pledge-record"),
    path("members/<int:person_id>/exempt/", pledges_pages.exempt, name="desk-pledge-exempt"),
    path("members/pledges/<int:number>/", pledges_pages.review, name="desk-pledge-review"),
]
