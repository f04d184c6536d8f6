"""Addresses of the campaign office about closing, records and recounts."""

from django.urls import path

from zhengyou.web.office import poll_closing_pages

urlpatterns = [
    path("polls/<uuid:key>/ask-close/", poll_closing_pages.ask_to_close, name="office-poll-ask-close"),
    path("polls/<uuid:key>/close/", poll_closing_pages.close, name="office-poll-close"),
    path("polls/<uuid:key>/compute/", poll_closing_pages.compute, name="office-poll-compute"),
    path("polls/<uuid:key>/ask-void/", poll_closing_pages.ask_to_void, name="office-poll-ask-void"),
    path("polls/<uuid:key>/void/", poll_closing_pages.void, name="office-poll-void"),
    path("polls/<uuid:key>/drop-void/", poll_closing_pages.drop_void, name="office-poll-drop-void"),
    path("polls/<uuid:key>/repeat/", poll_closing_pages.repeat, name="office-poll-repeat"),
]
