"""Addresses of the campaign office about service windows."""

from django.urls import path

from zhengyou.web.office import windows_pages as pages

urlpatterns = [
    path("windows/", pages.windows, name="office-windows"),
    path("windows/odd/", pages.flags, name="office-window-flags"),
    path("windows/odd/<int:flag_id>/", pages.flag, name="office-window-flag"),
    path("windows/open/", pages.open_window, name="office-window-open"),
    path("windows/<int:window_id>/", pages.window, name="office-window"),
    path("windows/<int:window_id>/close/", pages.close, name="office-window-close"),
    path("windows/<int:window_id>/reopen/", pages.reopen, name="office-window-reopen"),
    path("windows/<int:window_id>/tablet/", pages.tablet, name="office-window-tablet"),
    path("windows/<int:window_id>/tablet/take/", pages.take_tablet, name="office-window-tablet-take"),
    path("windows/<int:window_id>/slips/", pages.codes, name="office-window-codes"),
]
