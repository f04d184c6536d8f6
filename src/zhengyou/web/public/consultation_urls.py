"""Addresses of the public face about plans."""

from django.urls import path

from zhengyou.web.public import consultation_pages

urlpatterns = [
    path("plans/", consultation_pages.plans, name="public-plans"),
    path("organisations/<str:code>/plans/<int:plan_id>/", consultation_pages.plan, name="public-plan"),
    path(
        "organisations/<str:code>/plans/<int:plan_id>/compare/", consultation_pages.compare, name="public-plan-compare"
    ),
    path("organisations/<str:code>/plans/<int:plan_id>/form/", consultation_pages.sheet, name="public-plan-sheet"),
    path("organisations/<str:code>/plans/<int:plan_id>/text.json", consultation_pages.text, name="public-plan-text"),
    path(
        "organisations/<str:code>/plans/paragraphs/<int:wording_id>/",
        consultation_pages.paragraph,
        name="public-plan-paragraph",
    ),
]
