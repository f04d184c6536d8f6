"""Addresses of the campaign office about who leads a campaign and which leader looks after which unit."""

from django.urls import path

from zhengyou.web.office import contact_points_pages, leadership_pages

LEADING = "campaigns/<int:campaign_id>/leading/"
POINTS = "campaigns/<int:campaign_id>/contact-points/"

urlpatterns = [
    path(LEADING, leadership_pages.leading, name="office-leading"),
    path(LEADING + "<int:team_id>/", leadership_pages.team, name="office-leading-team"),
    path(LEADING + "<int:team_id>/change/", leadership_pages.change_team, name="office-leading-change"),
    path(LEADING + "<int:team_id>/end/", leadership_pages.end_team, name="office-leading-end"),
    path(LEADING + "members/<int:member_id>/", leadership_pages.member, name="office-leading-member"),
    path(LEADING + "members/<int:member_id>/end/", leadership_pages.end_member, name="office-leading-member-end"),
    path(POINTS, contact_points_pages.coverage, name="office-contact-points"),
    path(POINTS + "leaders/", contact_points_pages.leaders, name="office-contact-leaders"),
    path(POINTS + "<int:point_id>/end/", contact_points_pages.end, name="office-contact-end"),
]
