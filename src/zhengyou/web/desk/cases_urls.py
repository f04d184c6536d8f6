"""Addresses of the desk about cases."""

from django.urls import path

from zhengyou.web.desk import cases_pages, guarded_pages

urlpatterns = [
    path("cases/", cases_pages.cases, name="desk-cases"),
    path("cases/<int:year>-<int:number>/", cases_pages.case, name="desk-case"),
    path("cases/<int:year>-<int:number>/take/", cases_pages.take, name="desk-case-take"),
    path("cases/<int:year>-<int:number>/do/<slug:name>/", cases_pages.act, name="desk-case-act"),
    path("cases/many/", cases_pages.many, name="desk-case-many"),
    path("cases/enter/", cases_pages.enter, name="desk-case-enter"),
    path("cases/around/", guarded_pages.guarded, name="desk-guarded"),
    path("cases/around/many/", guarded_pages.many, name="desk-guarded-many"),
    path("cases/around/aside/<int:aside_id>/", guarded_pages.aside, name="desk-guarded-aside"),
    path("cases/around/aside/<int:aside_id>/undo/", guarded_pages.undo, name="desk-guarded-undo"),
    path("cases/around/<int:case_id>/", guarded_pages.guarded_case, name="desk-guarded-case"),
    path("cases/around/<int:case_id>/sheet/", guarded_pages.guarded_sheet, name="desk-guarded-sheet"),
    path("cases/around/<int:case_id>/photo/", guarded_pages.guarded_photo, name="desk-guarded-photo"),
    path("cases/around/<int:case_id>/do/<slug:name>/", guarded_pages.guarded_act, name="desk-guarded-act"),
]
