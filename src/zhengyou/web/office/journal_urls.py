"""The address of the campaign office about the journal."""

from django.urls import path

from zhengyou.web.office import journal_pages

urlpatterns = [path("journal/", journal_pages.deeds, name="office-journal")]
