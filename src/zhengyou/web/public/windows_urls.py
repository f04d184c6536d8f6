"""Addresses of the public face about service windows. The shortest is printed."""

from django.urls import path

from zhengyou.web.public import windows_pages as pages

urlpatterns = [
    path("w/<str:code>/", pages.mark, name="public-window"),
    path("w/<str:code>/thanks/", pages.thanks, name="public-window-thanks"),
    path("tablet/<str:secret>/", pages.counter, name="public-window-counter"),
    path("tablet/<str:secret>/thanks/", pages.next_visitor, name="public-window-next"),
    path("windows/", pages.windows, name="public-windows"),
    path("windows/of/<int:number>/", pages.window_numbered, name="public-window-of"),
    path("windows/<str:code>/", pages.window, name="public-window-page"),
    path("windows/<str:code>/sheet/", pages.sheet, name="public-window-sheet"),
    path("organisations/<str:code>/windows/", pages.board, name="public-window-board"),
]
