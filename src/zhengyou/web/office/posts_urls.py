"""Addresses of the campaign office about posts, accounts, and who answers for what."""

from django.urls import path

from zhengyou.web.office import accounts_pages, posts_pages, responsible_pages

urlpatterns = [
    path("organisations/responsible/", responsible_pages.responsible, name="office-responsible"),
    path("posts/", posts_pages.posts, name="office-posts"),
    path("posts/letters/", accounts_pages.letters, name="office-post-letters"),
    path("posts/letters/make/", accounts_pages.make_letters, name="office-post-letters-make"),
    path("posts/<int:post_id>/change/", posts_pages.change, name="office-post-change"),
    path("posts/<int:post_id>/end/", posts_pages.end, name="office-post-end"),
    path("people/<int:person_id>/account/", accounts_pages.account, name="office-account"),
    path("people/<int:person_id>/account/off/", accounts_pages.switch_off, name="office-account-off"),
    path("people/<int:person_id>/account/on/", accounts_pages.switch_on, name="office-account-on"),
]
