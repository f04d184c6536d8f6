"""Addresses of the campaign office about background jobs."""

from django.urls import path

from zhengyou.web.office import jobs_pages

urlpatterns = [
    path("jobs/<int:number>/", jobs_pages.job, name="office-job"),
    path("jobs/<int:number>/stop/", jobs_pages.stop, name="office-job-stop"),
    path("jobs/<int:number>/again/", jobs_pages.try_again, name="office-job-again"),
    path("jobs/<int:number>/take/", jobs_pages.take, name="office-job-take"),
    path("jobs/<int:number>/put-away/", jobs_pages.put_away, name="office-job-put-away"),
]
