"""Addresses of the desk: members, secretaries, leaders."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhengyou.web.desk.leadership_urls")),
    path("", include("zhengyou.web.desk.plans_urls")),
    path("", include("zhengyou.web.desk.consultation_urls")),
    path("", include("zhengyou.web.desk.commitments_urls")),
    path("", include("zhengyou.web.desk.keeping_urls")),
    path("", include("zhengyou.web.desk.vows_urls")),
    path("", include("zhengyou.web.desk.situations_urls")),
    path("", include("zhengyou.web.desk.windows_urls")),
    path("", include("zhengyou.web.desk.remarks_urls")),
    path("", include("zhengyou.web.desk.cases_urls")),
    path("", include("zhengyou.web.desk.ballots_urls")),
    path("", include("zhengyou.web.desk.scrutiny_urls")),
    path("", include("zhengyou.web.desk.standings_urls")),
    path("", include("zhengyou.web.desk.grades_urls")),
    path("", include("zhengyou.web.desk.persons_urls")),
    path("", include("zhengyou.web.desk.units_urls")),
    path("", include("zhengyou.web.desk.submissions_urls")),
    path("", include("zhengyou.web.desk.rhythm_urls")),
]
