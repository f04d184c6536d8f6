"""Addresses at the desk about plans that the public can say something to."""

from django.urls import path

from zhengyou.web.desk import consultation_answering_pages as answering
from zhengyou.web.desk import consultation_pages as writing

urlpatterns = [
    path("plans/", writing.plans, name="desk-plans"),
    path("plans/begin/<str:code>/", writing.begin, name="desk-plan-begin"),
    path("plans/<int:plan_id>/", writing.plan, name="desk-plan"),
    path("plans/<int:plan_id>/add/", writing.add, name="desk-plan-add"),
    path("plans/<int:plan_id>/paragraphs/<int:wording_id>/", writing.paragraph, name="desk-plan-paragraph"),
    path("plans/<int:plan_id>/paragraphs/<int:wording_id>/move/<slug:way>/", writing.move, name="desk-plan-move"),
    path("plans/<int:plan_id>/paragraphs/<int:wording_id>/join/", writing.join, name="desk-plan-join"),
    path("plans/<int:plan_id>/paragraphs/<int:wording_id>/remove/", writing.remove, name="desk-plan-remove"),
    path("plans/<int:plan_id>/put-back/<int:fate_id>/", writing.put_back, name="desk-plan-put-back"),
    path("plans/<int:plan_id>/publish/", writing.publish, name="desk-plan-publish"),
    path("plans/<int:plan_id>/next/", writing.next_version, name="desk-plan-next"),
    path("plans/<int:plan_id>/set-aside/", writing.set_aside, name="desk-plan-set-aside"),
    path("plans/<int:plan_id>/prolong/", writing.prolong, name="desk-plan-prolong"),
    path("plans/<int:plan_id>/adopt/", writing.adopt, name="desk-plan-adopt"),
    path("plans/<int:plan_id>/remarks/", answering.remarks_on, name="desk-plan-remarks"),
    path("plans/<int:plan_id>/answer/", answering.answer, name="desk-plan-answer"),
    path("plans/<int:plan_id>/answers/<int:response_id>/", answering.change_answer, name="desk-plan-answer-change"),
    path("plans/<int:plan_id>/answers/<int:response_id>/apart/", answering.answer_apart, name="desk-plan-answer-apart"),
    path("plans/<int:plan_id>/groups/", answering.groups, name="desk-plan-groups"),
    path("plans/<int:plan_id>/apart/<int:remark_id>/", answering.apart, name="desk-plan-apart"),
    path("plans/<int:plan_id>/read/", answering.read, name="desk-plan-read"),
    path("plans/say/<int:wording_id>/", answering.say, name="desk-plan-say"),
]
