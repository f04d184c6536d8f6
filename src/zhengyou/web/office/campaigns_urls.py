"""Addresses of the campaign office about campaigns and their cycles."""

from django.urls import path

from zhengyou.web.office import campaigns_closing_pages as closing
from zhengyou.web.office import campaigns_pages, central_work_pages, guidance_pages, packs_pages
from zhengyou.web.office import campaigns_telling_pages as telling

urlpatterns = [
    path("packs/", packs_pages.all_packs, name="office-packs"),
    path("campaigns/new/", packs_pages.choose, name="office-campaign-create"),
    path("campaigns/new/<slug:pack_id>/", packs_pages.create, name="office-campaign-name"),
    path("campaigns/<int:campaign_id>/", campaigns_pages.campaign, name="office-campaign"),
    path("campaigns/<int:campaign_id>/basis/", campaigns_pages.correct_basis, name="office-campaign-basis"),
    path("campaigns/<int:campaign_id>/words/", telling.describe, name="office-campaign-words"),
    path("campaigns/<int:campaign_id>/documents/", telling.documents, name="office-campaign-documents"),
    path(
        "campaigns/<int:campaign_id>/documents/<int:document_id>/drop/",
        telling.drop_document,
        name="office-campaign-document-drop",
    ),
    path("campaigns/<int:campaign_id>/delete/", campaigns_pages.delete_campaign, name="office-campaign-delete"),
    path("cycles/<int:cycle_id>/delete/", campaigns_pages.delete_cycle, name="office-cycle-delete"),
    path("campaigns/<int:campaign_id>/cycles/new/", campaigns_pages.add_cycle, name="office-cycle-add"),
    path("cycles/<int:cycle_id>/", campaigns_pages.cycle, name="office-cycle"),
    path("cycles/<int:cycle_id>/stages/", campaigns_pages.stages, name="office-cycle-stages"),
    path("cycles/<int:cycle_id>/parts/", campaigns_pages.parts, name="office-cycle-parts"),
    path("cycles/<int:cycle_id>/themes/", campaigns_pages.themes, name="office-cycle-themes"),
    path("cycles/<int:cycle_id>/central-work/", central_work_pages.central_work, name="office-cycle-central-work"),
    path("cycles/<int:cycle_id>/central-work/served/", central_work_pages.served, name="office-cycle-served"),
    path("cycles/<int:cycle_id>/guidance/", guidance_pages.guidance, name="office-cycle-guidance"),
    path("cycles/<int:cycle_id>/sheet/", campaigns_pages.sheet, name="office-cycle-sheet"),
    path("cycles/<int:cycle_id>/english/", telling.english, name="office-cycle-english"),
    path("cycles/<int:cycle_id>/rename/", telling.rename, name="office-cycle-rename"),
    path("cycles/<int:cycle_id>/secretaries/", telling.secretaries, name="office-cycle-secretaries"),
    path("cycles/<int:cycle_id>/close/", closing.close, name="office-cycle-close"),
    path("cycles/<int:cycle_id>/close/ask/", closing.ask, name="office-cycle-close-ask"),
    path("cycles/<int:cycle_id>/close/take-back/", closing.take_back, name="office-cycle-close-take-back"),
    path("cycles/<int:cycle_id>/close/confirm/", closing.confirm, name="office-cycle-close-confirm"),
]
