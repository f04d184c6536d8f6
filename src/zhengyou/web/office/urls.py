"""Addresses of the campaign office."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhengyou.web.office.home_urls")),
    path("", include("zhengyou.web.office.organisations_urls")),
    path("", include("zhengyou.web.office.posts_urls")),
    path("", include("zhengyou.web.office.roster_urls")),
    path("", include("zhengyou.web.office.campaigns_urls")),
    path("", include("zhengyou.web.office.leadership_urls")),
    path("", include("zhengyou.web.office.carriers_urls")),
    path("", include("zhengyou.web.office.notices_urls")),
    path("", include("zhengyou.web.office.consultation_urls")),
    path("", include("zhengyou.web.office.commitments_urls")),
    path("", include("zhengyou.web.office.pledges_urls")),
    path("", include("zhengyou.web.office.windows_urls")),
    path("", include("zhengyou.web.office.remarks_urls")),
    path("", include("zhengyou.web.office.cases_urls")),
    path("", include("zhengyou.web.office.polls_urls")),
    path("", include("zhengyou.web.office.rolls_urls")),
    path("", include("zhengyou.web.office.ballots_urls")),
    path("", include("zhengyou.web.office.paper_urls")),
    path("", include("zhengyou.web.office.counting_urls")),
    path("", include("zhengyou.web.office.standings_urls")),
    path("", include("zhengyou.web.office.awards_urls")),
    path("", include("zhengyou.web.office.grades_urls")),
    path("", include("zhengyou.web.office.jobs_urls")),
    path("", include("zhengyou.web.office.journal_urls")),
]
