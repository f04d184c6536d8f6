"""Addresses of the campaign office."""

from django.urls import path

from zhengyou.web.office import award_pages, campaign_pages, notice_pages, organisation_pages, round_pages

urlpatterns = [
    path("", organisation_pages.home, name="office-home"),
    path("organisations/", organisation_pages.tree, name="office-tree"),
    path("campaigns/new/", campaign_pages.create, name="office-campaign-create"),
    path("campaigns/<int:campaign_id>/cycles/new/", campaign_pages.add_cycle, name="office-cycle-add"),
    path("cycles/<int:cycle_id>/", campaign_pages.cycle, name="office-cycle"),
    path("cycles/<int:cycle_id>/stages/", campaign_pages.stages, name="office-cycle-stages"),
    path("cycles/<int:cycle_id>/themes/", campaign_pages.themes, name="office-cycle-themes"),
    path("cycles/<int:cycle_id>/sheet/", campaign_pages.sheet, name="office-cycle-sheet"),
    path("cycles/<int:cycle_id>/close/", campaign_pages.close, name="office-cycle-close"),
    path("rounds/", round_pages.rounds, name="office-rounds"),
    path("rounds/new/", round_pages.plan, name="office-round-plan"),
    path("rounds/<uuid:key>/", round_pages.one_round, name="office-round"),
    path("rounds/<uuid:key>/pools/<slug:slug>/remove/", round_pages.remove_pool, name="office-round-pool-remove"),
    path("rounds/<uuid:key>/pools/<slug:slug>/codes/", round_pages.codes, name="office-round-codes"),
    path("rounds/<uuid:key>/keys/", round_pages.prepare, name="office-round-keys"),
    path("rounds/<uuid:key>/open/", round_pages.open_round, name="office-round-open"),
    path("rounds/<uuid:key>/ask-close/", round_pages.ask_to_close, name="office-round-ask-close"),
    path("rounds/<uuid:key>/close/", round_pages.close, name="office-round-close"),
    path("selections/", award_pages.selections, name="office-selections"),
    path("selections/new/", award_pages.make, name="office-selection-make"),
    path("selections/<int:pk>/", award_pages.selection, name="office-selection"),
    path("selections/<int:pk>/candidates/<int:candidate_pk>/", award_pages.change_deeds, name="office-candidate-deeds"),
    path(
        "selections/<int:pk>/candidates/<int:candidate_pk>/remove/",
        award_pages.remove_candidate,
        name="office-candidate-remove",
    ),
    path("selections/<int:pk>/notice/", award_pages.publish, name="office-selection-notice"),
    path("selections/<int:pk>/commendation/", award_pages.commend, name="office-selection-commend"),
    path("honours/<int:pk>/revoke/", award_pages.revoke, name="office-honour-revoke"),
    path("objections/", notice_pages.docket, name="office-docket"),
    path("objections/<int:pk>/", notice_pages.objection, name="office-objection"),
    path("objections/<int:pk>/<slug:name>/", notice_pages.take_step, name="office-objection-step"),
    path("notices/<int:year>-<int:number>/objections/new/", notice_pages.enter, name="office-objection-enter"),
]
