"""Addresses at the desk about promises."""

from django.urls import path

from zhengyou.web.desk import commitments_pages

urlpatterns = [
    path("promises/", commitments_pages.overview, name="desk-promises"),
    path("promises/<str:code>/", commitments_pages.commitment, name="desk-commitment"),
    path("promises/<str:code>/new/", commitments_pages.write, name="desk-promise-write"),
    path("promises/<str:code>/on-the-spot/", commitments_pages.on_the_spot, name="desk-promise-on-the-spot"),
    path("promises/<str:code>/draft/", commitments_pages.draft, name="desk-draft"),
    path("promises/<str:code>/propose/", commitments_pages.propose, name="desk-propose"),
    path("promises/<str:code>/<int:promise_id>/", commitments_pages.change, name="desk-promise-change"),
    path("promises/<str:code>/<int:promise_id>/withdraw/", commitments_pages.withdraw, name="desk-promise-withdraw"),
    path("promises/<str:code>/<int:promise_id>/progress/", commitments_pages.progress, name="desk-progress"),
    path("promises/<str:code>/<int:promise_id>/outcome/", commitments_pages.outcome, name="desk-outcome"),
    path("promises/<str:code>/take-back/", commitments_pages.take_back, name="desk-take-back"),
    path("reviews/<str:code>/<int:promise_id>/correct/", commitments_pages.correct, name="desk-review-correct"),
    path("reviews/<str:code>/", commitments_pages.review, name="desk-review"),
]
