"""Addresses of the public face about who leads a campaign."""

from django.urls import path

from zhengyou.web.public import leadership_pages

urlpatterns = [
    path("campaigns/<int:campaign_id>/leading/", leadership_pages.leading, name="public-leading"),
]
