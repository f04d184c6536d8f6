"""Addresses of the public face."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhengyou.web.public.house_urls")),
    path("", include("zhengyou.web.public.organisations_urls")),
    path("", include("zhengyou.web.public.campaigns_urls")),
    path("", include("zhengyou.web.public.leadership_urls")),
    path("", include("zhengyou.web.public.carriers_urls")),
    path("", include("zhengyou.web.public.notices_urls")),
    path("", include("zhengyou.web.public.consultation_urls")),
    path("", include("zhengyou.web.public.commitments_urls")),
    path("", include("zhengyou.web.public.situations_urls")),
    path("", include("zhengyou.web.public.cases_urls")),
    path("", include("zhengyou.web.public.windows_urls")),
    path("", include("zhengyou.web.public.remarks_urls")),
    path("", include("zhengyou.web.public.polls_urls")),
    path("", include("zhengyou.web.public.ballots_urls")),
    path("", include("zhengyou.web.public.counting_urls")),
    path("", include("zhengyou.web.public.standings_urls")),
    path("", include("zhengyou.web.public.awards_urls")),
    path("", include("zhengyou.web.public.entries_urls")),
]
