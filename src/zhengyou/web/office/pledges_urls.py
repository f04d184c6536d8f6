"""Addresses of the campaign office about who committed in public."""

from django.urls import path

from zhengyou.web.office import pledges_pages

urlpatterns = [
    path("cycles/<int:cycle_id>/public-commitments/", pledges_pages.pledges, name="office-pledges"),
    path("cycles/<int:cycle_id>/public-commitments/enter/", pledges_pages.enter, name="office-pledge-enter"),
    path(
        "cycles/<int:cycle_id>/public-commitments/take-back/", pledges_pages.take_back, name="office-pledge-take-back"
    ),
    path("public-commitments/<int:pledge_id>/", pledges_pages.correct, name="office-pledge-correct"),
    path("public-commitments/<int:pledge_id>/photo/", pledges_pages.photo, name="office-pledge-photo"),
]
