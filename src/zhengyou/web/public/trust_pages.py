"""The trust page: what is promised of the ballots and what is not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    """Promises and non-promises, linked from every booth."""
    return render(request, "public/trust.html")
