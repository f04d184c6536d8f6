"""Addresses at the desk about closing, records and recounts."""

from django.urls import path

from zhengyou.web.desk import scrutiny_pages

urlpatterns = [
    path("scrutiny/", scrutiny_pages.polls, name="desk-scrutiny-polls"),
    path("scrutiny/<uuid:key>/", scrutiny_pages.scrutiny, name="desk-scrutiny"),
    path("scrutiny/<uuid:key>/openings/", scrutiny_pages.openings, name="desk-scrutiny-openings"),
]
