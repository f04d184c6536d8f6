"""Addresses of the desk about service windows."""

from django.urls import path

from zhengyou.web.desk import windows_pages as pages

urlpatterns = [
    path("windows/", pages.windows, name="desk-windows"),
    path("windows/odd/", pages.flags, name="desk-window-flags"),
    path("windows/odd/<int:flag_id>/", pages.flag, name="desk-window-flag"),
    path("windows/open/<str:code>/", pages.open_window, name="desk-window-open"),
    path("windows/<int:window_id>/", pages.window, name="desk-window"),
    path("windows/<int:window_id>/close/", pages.close, name="desk-window-close"),
    path("windows/<int:window_id>/reopen/", pages.reopen, name="desk-window-reopen"),
    path("windows/<int:window_id>/slips/", pages.codes, name="desk-window-codes"),
]
