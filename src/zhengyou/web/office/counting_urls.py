"""Addresses of the campaign office about closing, records and recounts."""

from django.urls import path

from zhengyou.web.office import counting_pages

urlpatterns = [
    path("polls/<uuid:key>/ask-close/", counting_pages.ask_to_close, name="office-poll-ask-close"),
    path("polls/<uuid:key>/close/", counting_pages.close, name="office-poll-close"),
    path("polls/<uuid:key>/compute/", counting_pages.compute, name="office-poll-compute"),
    path("polls/<uuid:key>/ask-void/", counting_pages.ask_to_void, name="office-poll-ask-void"),
    path("polls/<uuid:key>/void/", counting_pages.void, name="office-poll-void"),
    path("polls/<uuid:key>/drop-void/", counting_pages.drop_void, name="office-poll-drop-void"),
    path("polls/<uuid:key>/repeat/", counting_pages.repeat, name="office-poll-repeat"),
]
