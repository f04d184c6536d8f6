"""Addresses of the campaign office about ballots on paper."""

from django.urls import path

from zhengyou.web.office import paper_keying_pages, paper_pages

urlpatterns = [
    path("polls/<uuid:key>/paper/", paper_pages.overview, name="office-paper"),
    path("polls/<uuid:key>/paper/forms/", paper_pages.blank_forms, name="office-paper-forms"),
    path("polls/<uuid:key>/paper/instructions/", paper_pages.instructions, name="office-paper-instructions"),
    path("polls/<uuid:key>/paper/groups/<slug:slug>/", paper_pages.pool, name="office-paper-pool"),
    path("polls/<uuid:key>/paper/groups/<slug:slug>/print/", paper_pages.print_sheets, name="office-paper-print"),
    path(
        "polls/<uuid:key>/paper/groups/<slug:slug>/people/<str:number>/take-off/",
        paper_pages.take_off,
        name="office-paper-take-off",
    ),
    path("polls/<uuid:key>/paper/<int:number>/", paper_pages.batch, name="office-paper-batch"),
    path("polls/<uuid:key>/paper/<int:number>/withdraw/", paper_pages.withdraw, name="office-paper-withdraw"),
    path("polls/<uuid:key>/paper/<int:number>/keying/", paper_keying_pages.keying, name="office-paper-keying"),
    path("polls/<uuid:key>/paper/<int:number>/keying/form/", paper_keying_pages.key_one, name="office-paper-key"),
    path("polls/<uuid:key>/paper/<int:number>/keying/count/", paper_keying_pages.count, name="office-paper-count"),
    path(
        "polls/<uuid:key>/paper/<int:number>/keying/take-back/",
        paper_keying_pages.take_back,
        name="office-paper-take-back",
    ),
    path(
        "polls/<uuid:key>/paper/<int:number>/keying/<int:keying>/restart/",
        paper_keying_pages.restart,
        name="office-paper-restart",
    ),
    path("polls/<uuid:key>/paper/<int:number>/keying/sign/", paper_keying_pages.sign, name="office-paper-sign"),
]
