"""Addresses of the campaign office about the tree, lists in and out."""

from django.urls import path, re_path

from zhengyou.web.office import (
    organisations_import_pages,
    organisations_pages,
    organisations_preview_pages,
    organisations_undo_pages,
    organisations_words_pages,
)

urlpatterns = [
    path("organisations/", organisations_pages.tree, name="office-tree"),
    path("organisations/import/", organisations_import_pages.imports, name="office-imports"),
    path("organisations/import/<int:import_id>/", organisations_preview_pages.preview, name="office-import"),
    path(
        "organisations/import/<int:import_id>/discard/",
        organisations_preview_pages.discard,
        name="office-import-discard",
    ),
    path(
        "organisations/import/<int:import_id>/answer/",
        organisations_preview_pages.answer,
        name="office-import-answer",
    ),
    path("organisations/import/<int:import_id>/word/", organisations_preview_pages.learn, name="office-import-learn"),
    path(
        "organisations/import/<int:import_id>/missing/",
        organisations_preview_pages.missing,
        name="office-import-missing",
    ),
    path(
        "organisations/import/<int:import_id>/numbers.xlsx",
        organisations_preview_pages.issued,
        name="office-import-issued",
    ),
    path("organisations/import/<int:import_id>/undo/", organisations_undo_pages.undo, name="office-import-undo"),
    path("organisations/import/words/", organisations_words_pages.words, name="office-import-words"),
    path("organisations/import/words/forget/", organisations_words_pages.forget, name="office-import-forget"),
    re_path(
        r"^organisations/import/(?P<import_id>[0-9]{1,9})/bad\.(?P<ending>csv|xlsx)$",
        organisations_preview_pages.bad_rows,
        name="office-import-bad",
    ),
    path("organisations/lists/<slug:what>/empty.xlsx", organisations_import_pages.empty_list, name="office-list-empty"),
    path("organisations/lists/<slug:what>.xlsx", organisations_import_pages.present_list, name="office-list"),
]
