"""Addresses at the desk about the units that a leader looks after."""

from django.urls import path

from zhengyou.web.desk import leadership_pages

urlpatterns = [
    path("contact-points/", leadership_pages.contact_points, name="desk-contact-points"),
    path("contact-points/<int:point_id>/end/", leadership_pages.end, name="desk-contact-end"),
]
