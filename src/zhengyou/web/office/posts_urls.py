"""Addresses of the campaign office about posts, accounts, and who answers for what."""

from django.urls import path

from zhengyou.web.office import posts_pages, responsible_pages

urlpatterns = [
    path("organisations/responsible/", responsible_pages.responsible, name="office-responsible"),
    path("posts/", posts_pages.posts, name="office-posts"),
    path("posts/<int:post_id>/end/", posts_pages.end, name="office-post-end"),
    path("people/<int:person_id>/account/", posts_pages.hand_out_account, name="office-account"),
]
