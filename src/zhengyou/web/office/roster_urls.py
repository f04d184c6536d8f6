"""Addresses of the campaign office about people and organisations one by one."""

from django.urls import path

from zhengyou.web.office import roster_pages

urlpatterns = [
    path("people/", roster_pages.people, name="office-people"),
    path("people/<int:person_id>/", roster_pages.person, name="office-person"),
    path("people/<int:person_id>/change/<slug:what>/", roster_pages.change_person, name="office-person-change"),
    path("organisations/<int:organisation_id>/", roster_pages.organisation, name="office-organisation"),
    path(
        "organisations/<int:organisation_id>/change/<slug:what>/",
        roster_pages.change_organisation,
        name="office-organisation-change",
    ),
    path("changes/<int:change_id>/undo/", roster_pages.undo, name="office-roster-undo"),
]
