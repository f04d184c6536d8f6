"""Addresses of the public face about campaigns and their cycles."""

from django.urls import path

from zhengyou.web.public import campaigns_pages

urlpatterns = [
    path("", campaigns_pages.home, name="public-home"),
    path("campaigns/<int:campaign_id>/", campaigns_pages.campaign, name="public-campaign"),
    path("campaigns/<int:campaign_id>/about/", campaigns_pages.about, name="public-campaign-about"),
    path("rules/<int:manifest_id>.json", campaigns_pages.manifest, name="public-manifest"),
]
