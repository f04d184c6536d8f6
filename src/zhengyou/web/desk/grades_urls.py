"""Addresses at the desk about yearly grades."""

from django.urls import path

from zhengyou.web.desk import grades_pages

urlpatterns = [
    path("grades/", grades_pages.mine, name="desk-grades"),
    path("grades/words/<int:cycle_id>/", grades_pages.words, name="desk-grade-words"),
    path("grades/units/", grades_pages.units, name="desk-grade-units"),
    path("grades/unit/<str:code>/", grades_pages.unit, name="desk-grade-unit"),
    path("grades/unit/<str:code>/list/", grades_pages.unit_list, name="desk-grade-list"),
    path("grades/<int:number>/read/", grades_pages.read, name="desk-grade-read"),
    path("grades/<int:number>/object/", grades_pages.object_to, name="desk-grade-object"),
    path("grades/<int:number>/correct/", grades_pages.correct, name="desk-grade-correct"),
    path("grades/<int:number>/told/", grades_pages.tell, name="desk-grade-tell"),
    path("grades/<int:number>/answer/", grades_pages.answer, name="desk-grade-answer"),
]
