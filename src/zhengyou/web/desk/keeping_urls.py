"""Addresses at the desk about how promises end."""

from django.urls import path

from zhengyou.web.desk import keeping_pages

urlpatterns = [
    path("promises/<str:code>/<int:promise_id>/answer/", keeping_pages.answer, name="desk-promise-answer"),
    path("promises/<str:code>/<int:promise_id>/drop/", keeping_pages.drop, name="desk-promise-drop"),
    path("keeping/", keeping_pages.overview, name="desk-keeping"),
    path("keeping/<str:code>/<int:promise_id>/look/", keeping_pages.look, name="desk-keeping-look"),
    path("keeping/<str:code>/<int:promise_id>/decide/", keeping_pages.decide, name="desk-keeping-decide"),
    path("keeping/<str:code>/<int:promise_id>/uphold/", keeping_pages.uphold, name="desk-keeping-uphold"),
    path("keeping/<str:code>/dropping/<int:number>/", keeping_pages.dropping, name="desk-keeping-dropping"),
]
