"""Addresses of the campaign office about people and organisations one by one, the list of people, and who is entered by hand."""

from django.urls import path

from zhengyou.web.office import roster_entering_pages, roster_lists_pages, roster_pages, roster_units_pages

urlpatterns = [
    path("people/", roster_lists_pages.people, name="office-people"),
    path("people/many/", roster_lists_pages.change_many, name="office-people-many"),
    path("people/new/", roster_entering_pages.enter_person, name="office-person-enter"),
    path("people/<int:person_id>/", roster_pages.person, name="office-person"),
    path("people/<int:person_id>/change/<slug:what>/", roster_pages.change_person, name="office-person-change"),
    path("organisations/many/", roster_units_pages.change_many, name="office-organisations-many"),
    path("organisations/new/", roster_entering_pages.enter_organisation, name="office-organisation-enter"),
    path("organisations/<int:organisation_id>/", roster_pages.organisation, name="office-organisation"),
    path(
        "organisations/<int:organisation_id>/change/<slug:what>/",
        roster_pages.change_organisation,
        name="office-organisation-change",
    ),
    path("changes/<int:change_id>/undo/", roster_pages.undo, name="office-roster-undo"),
    path("changes/together/<uuid:together_key>/", roster_lists_pages.together, name="office-roster-together"),
    path(
        "changes/together/<uuid:together_key>/undo/",
        roster_lists_pages.undo_together,
        name="office-roster-together-undo",
    ),
]
