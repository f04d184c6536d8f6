"""Addresses of the three faces."""

from django.urls import include, path

from zhengyou.web.shared import account_pages, faults, languages, list_jobs, sessions

handler500 = faults.server_error
urlpatterns = [
    path("", include("zhengyou.web.public.urls")),
    path("desk/", include("zhengyou.web.desk.urls")),
    path("office/", include("zhengyou.web.office.urls")),
    path("sign-in/", sessions.sign_in, name="sign-in"),
    path("sign-out/", sessions.sign_out, name="sign-out"),
    path("password/", account_pages.change_password, name="password"),
    path("account/", account_pages.account, name="account"),
    path("account/elsewhere/", account_pages.sign_out_elsewhere, name="account-elsewhere"),
    path("account/sessions/<slug:number>/", account_pages.sign_out_there, name="account-session"),
    path("lists/<int:number>/", list_jobs.job, name="list-job"),
    path("lists/<int:number>/stop/", list_jobs.stop, name="list-job-stop"),
    path("lists/<int:number>/again/", list_jobs.try_again, name="list-job-again"),
    path("lists/<int:number>/take/", list_jobs.take, name="list-job-take"),
    path("lists/<int:number>/put-away/", list_jobs.put_away, name="list-job-put-away"),
    path("language/", languages.choose, name="language"),
]
