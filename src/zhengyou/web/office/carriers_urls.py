"""Addresses of the campaign office about carriers and demonstration units."""

from django.urls import path

from zhengyou.web.office import carriers_pages as pages

CARRIERS = "cycles/<int:cycle_id>/carriers/"
UNITS = "cycles/<int:cycle_id>/demonstration-units/"

urlpatterns = [
    path(CARRIERS, pages.carriers, name="office-carriers"),
    path(CARRIERS + "carry-on/", pages.carry_on, name="office-carriers-carry-on"),
    path(CARRIERS + "reach/", pages.reach, name="office-carriers-reach"),
    path(CARRIERS + "<int:carrier_id>/", pages.year, name="office-carrier-year"),
    path(CARRIERS + "<int:carrier_id>/change/", pages.change, name="office-carrier-change"),
    path(CARRIERS + "<int:carrier_id>/end/", pages.end, name="office-carrier-end"),
    path(UNITS, pages.demonstrations, name="office-demonstrations"),
    path(UNITS + "<int:row_id>/end/", pages.end_demonstration, name="office-demonstration-end"),
]
