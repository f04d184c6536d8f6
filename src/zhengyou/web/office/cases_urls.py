"""Addresses of the campaign office about cases."""

from django.urls import path

from zhengyou.web.office import cases_aside_pages, cases_entering_pages, cases_pages, cases_readers_pages

urlpatterns = [
    path("cycles/<int:cycle_id>/cases/", cases_pages.cases, name="office-cases"),
    path("cycles/<int:cycle_id>/cases/many/", cases_pages.many, name="office-case-many"),
    path("cycles/<int:cycle_id>/cases/aside/", cases_aside_pages.ask, name="office-case-aside-ask"),
    path("cycles/<int:cycle_id>/cases/aside/<int:aside_id>/", cases_aside_pages.aside, name="office-case-aside"),
    path("cycles/<int:cycle_id>/cases/aside/<int:aside_id>/undo/", cases_aside_pages.undo, name="office-case-undo"),
    path("cycles/<int:cycle_id>/cases/enter/", cases_entering_pages.enter, name="office-case-enter"),
    path("cycles/<int:cycle_id>/cases/hotline/", cases_entering_pages.hotline, name="office-case-hotline"),
    path("campaigns/<int:campaign_id>/cases/readers/", cases_readers_pages.readers, name="office-case-readers"),
    path("campaigns/<int:campaign_id>/cases/readers/give/", cases_readers_pages.give, name="office-case-give"),
    path(
        "campaigns/<int:campaign_id>/cases/readers/<int:reader_id>/confirm/",
        cases_readers_pages.confirm,
        name="office-case-confirm",
    ),
    path(
        "campaigns/<int:campaign_id>/cases/readers/<int:reader_id>/keep/",
        cases_readers_pages.keep,
        name="office-case-keep",
    ),
    path(
        "campaigns/<int:campaign_id>/cases/readers/<int:reader_id>/release/",
        cases_readers_pages.release,
        name="office-case-release",
    ),
    path("cases/<int:case_id>/", cases_pages.case, name="office-case"),
    path("cases/<int:case_id>/photo/", cases_pages.photo, name="office-case-photo"),
    path("cases/<int:case_id>/do/<slug:name>/", cases_pages.act, name="office-case-act"),
    path("cases/<int:case_id>/steps/<int:number>/hide/", cases_pages.hide, name="office-case-hide"),
    path("cases/<int:case_id>/press/<slug:name>/", cases_pages.press, name="office-case-press"),
]
