"""Addresses of the public face about carriers."""

from django.urls import path

from zhengyou.web.public import carriers_pages

urlpatterns = [
    path("campaigns/<int:campaign_id>/carriers/", carriers_pages.carriers, name="public-carriers"),
    path("carriers/<int:carrier_id>/", carriers_pages.carrier, name="public-carrier"),
]
