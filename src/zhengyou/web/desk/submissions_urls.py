"""Addresses at the desk about what a level above enters for a unit from paper."""

from django.urls import path

from zhengyou.web.desk import submissions_pages

urlpatterns = [
    path("units/<str:code>/paper/", submissions_pages.submissions, name="desk-submissions"),
    path("units/<str:code>/paper/<slug:what>/", submissions_pages.enter, name="desk-submission-enter"),
    path("paper/<int:number>/agree/", submissions_pages.agree, name="desk-submission-agree"),
    path("paper/<int:number>/object/", submissions_pages.object_to, name="desk-submission-object"),
    path("paper/<int:number>/settle/", submissions_pages.settle, name="desk-submission-settle"),
    path("paper/<int:number>/photo/", submissions_pages.photo, name="desk-submission-photo"),
]
