"""Addresses of the desk about cases."""

from django.urls import path

from zhengyou.web.desk import cases_pages

urlpatterns = [
    path("cases/", cases_pages.cases, name="desk-cases"),
    path("cases/<int:year>-<int:number>/", cases_pages.case, name="desk-case"),
    path("cases/<int:year>-<int:number>/take/", cases_pages.take, name="desk-case-take"),
    path("cases/<int:year>-<int:number>/do/<slug:name>/", cases_pages.act, name="desk-case-act"),
    path("cases/around/", cases_pages.guarded, name="desk-guarded"),
    path("cases/around/<int:case_id>/", cases_pages.guarded_case, name="desk-guarded-case"),
    path("cases/around/<int:case_id>/photo/", cases_pages.guarded_photo, name="desk-guarded-photo"),
    path("cases/around/<int:case_id>/do/<slug:name>/", cases_pages.guarded_act, name="desk-guarded-act"),
]
