"""Addresses of the three faces."""

from django.urls import include, path

from zhengyou.web.shared import languages, sessions

urlpatterns = [
    path("", include("zhengyou.web.public.urls")),
    path("desk/", include("zhengyou.web.desk.urls")),
    path("office/", include("zhengyou.web.office.urls")),
    path("sign-in/", sessions.sign_in, name="sign-in"),
    path("sign-out/", sessions.sign_out, name="sign-out"),
    path("password/", sessions.change_password, name="password"),
    path("language/", languages.choose, name="language"),
]
