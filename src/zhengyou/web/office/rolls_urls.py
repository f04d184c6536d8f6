"""Addresses of the campaign office about the rolls of polls."""

from django.urls import path

from zhengyou.web.office import rolls_pages

ROLL = "polls/<uuid:key>/pools/<slug:slug>/roll/"

urlpatterns = [
    path(ROLL, rolls_pages.roll, name="office-roll"),
    path(f"{ROLL}add/", rolls_pages.add, name="office-roll-add"),
    path(f"{ROLL}invite/", rolls_pages.invite, name="office-roll-invite"),
    path(f"{ROLL}<int:number>/take-off/", rolls_pages.take_off, name="office-roll-take-off"),
    path(f"{ROLL}corrections/<int:number>/undo/", rolls_pages.undo, name="office-roll-undo"),
]
