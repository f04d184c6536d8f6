"""Addresses at the desk of a scrutineer."""

from django.urls import path

from zhengyou.web.desk import scrutiny_pages

urlpatterns = [
    path("scrutiny/", scrutiny_pages.polls, name="desk-scrutiny-polls"),
    path("scrutiny/<uuid:key>/", scrutiny_pages.scrutiny, name="desk-scrutiny"),
    path("scrutiny/<uuid:key>/keys/", scrutiny_pages.register_keys, name="desk-scrutiny-keys"),
    path("scrutiny/<uuid:key>/answer/", scrutiny_pages.try_keys, name="desk-scrutiny-answer"),
    path("scrutiny/<uuid:key>/challenge/", scrutiny_pages.challenge, name="desk-scrutiny-challenge"),
    path("scrutiny/<uuid:key>/handover/", scrutiny_pages.handover, name="desk-scrutiny-handover"),
    path("scrutiny/<uuid:key>/passed/", scrutiny_pages.passed, name="desk-scrutiny-passed"),
    path("scrutiny/<uuid:key>/record.zip", scrutiny_pages.record, name="desk-scrutiny-record"),
]
