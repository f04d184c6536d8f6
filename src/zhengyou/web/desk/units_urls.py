"""Addresses of one's own unit, and of the units one looks after."""

from django.urls import path

from zhengyou.web.desk import units_pages

urlpatterns = [
    path("unit/", units_pages.my_unit, name="desk-unit"),
    path("unit/<str:code>/", units_pages.my_unit, name="desk-unit-one"),
    path("units/", units_pages.units_below, name="desk-units-below"),
]
