"""How a refusal that no form and no button took (`web/shared/pages`) reaches a person: as a page of its own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from zhengyou.base.refusals import Refused
from zhengyou.identity.rules import RoleRefused


class RefusalMiddleware:
    """Turns a Refused that a page did not catch into a page (or JSON) that says the sentence and how to go back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        status = 403 if isinstance(exception, RoleRefused) else 409
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": str(exception), "reason": exception.reason}, status=status)
        return render(request, "parts/refused.html", {"sentence": str(exception)}, status=status)
