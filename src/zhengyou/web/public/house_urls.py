"""Addresses of the house itself: what is open, help, accessibility; and what browsers and search engines ask every site for."""

from django.conf import settings
from django.urls import path

from zhengyou.web.public import house_pages

urlpatterns = [
    path("open/", house_pages.what_is_open, name="public-open"),
    path("help/", house_pages.help_page, name="public-help"),
    path("accessibility/", house_pages.accessibility, name="public-accessibility"),
    path("robots.txt", house_pages.robots, name="robots"),
    path("sitemap.xml", house_pages.sitemap, name="sitemap"),
    path(".well-known/security.txt", house_pages.security_contact, name="security-contact"),
    path("favicon.ico", house_pages.icon, name="favicon"),
]
if settings.DEBUG:
    urlpatterns.append(path("styles/", house_pages.styles, name="styles"))
