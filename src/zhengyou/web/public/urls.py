"""Addresses of the public face."""

from django.urls import path

from zhengyou.web.public import (
    booth_pages,
    commitment_pages,
    honour_pages,
    notice_pages,
    organisation_pages,
    record_pages,
    recount_pages,
    result_pages,
    trust_pages,
)

urlpatterns = [
    path("", organisation_pages.home, name="public-home"),
    path("organisations/", organisation_pages.find, name="public-find"),
    path("organisations/<str:code>/", organisation_pages.organisation, name="public-organisation"),
    path("organisations/<str:code>/promises/<int:promise_id>/", commitment_pages.promise, name="public-promise"),
    path("files/<slug:digest>.jpg", commitment_pages.photo, name="public-photo"),
    path("notices/", notice_pages.notices, name="public-notices"),
    path("notices/objection/", notice_pages.answer, name="public-objection-answer"),
    path("notices/<int:year>-<int:number>/", notice_pages.notice, name="public-notice"),
    path("honours/", honour_pages.honours, name="public-honours"),
    path("honours/<str:code>/", honour_pages.honour, name="public-honour"),
    path("booth/", booth_pages.rounds, name="public-rounds"),
    path("booth/<uuid:key>/", booth_pages.booth, name="booth"),
    path("booth/<uuid:key>/manifest.json", booth_pages.manifest, name="booth-manifest"),
    path("booth/<uuid:key>/opening.json", booth_pages.opening, name="booth-opening"),
    path("booth/<uuid:key>/keys", booth_pages.keys, name="booth-keys"),
    path("booth/<uuid:key>/paper", booth_pages.paper, name="booth-paper"),
    path("booth/<uuid:key>/issue", booth_pages.issue, name="booth-issue"),
    path("booth/<uuid:key>/cast", booth_pages.cast, name="booth-cast"),
    path("records/<uuid:key>/", record_pages.record, name="public-record"),
    path("records/<uuid:key>/record.zip", record_pages.record_zip, name="public-record-zip"),
    path("records/<uuid:key>/files/<str:name>", record_pages.record_file, name="public-record-file"),
    path("records/<uuid:key>/index.json", record_pages.record_index, name="public-record-index"),
    path("records/<uuid:key>/runs/<int:number>", record_pages.record_run, name="public-record-run"),
    path("recount/", recount_pages.recount, name="recount"),
    path("results/<uuid:key>/", result_pages.results, name="public-results"),
    path("results/<uuid:key>/<int:number>/", result_pages.results, name="public-result-number"),
    path("results/<uuid:key>/<int:number>/units/<str:code>/", result_pages.unit, name="public-unit"),
    path("results/<uuid:key>/<int:number>/<slug:pool_id>.csv", result_pages.scores, name="public-scores"),
    path("results/<uuid:key>/<int:number>/standing/<slug:pool_id>.csv", result_pages.standing, name="public-standing"),
    path("rules/<int:manifest_id>.json", record_pages.campaign_manifest, name="public-manifest"),
    path("trust/", trust_pages.trust, name="trust"),
]
