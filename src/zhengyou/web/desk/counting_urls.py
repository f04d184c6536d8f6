"""Addresses at the desk about closing, records and recounts."""

from django.urls import path

from zhengyou.web.desk import counting_pages

urlpatterns = [
    path("scrutiny/", counting_pages.polls, name="desk-scrutiny-polls"),
    path("scrutiny/<uuid:key>/", counting_pages.scrutiny, name="desk-scrutiny"),
    path("scrutiny/<uuid:key>/openings/", counting_pages.openings, name="desk-scrutiny-openings"),
]
