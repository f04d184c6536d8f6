"""The register of honours, and the page on which anybody verifies a certificate."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhengyou.awards import queries
from zhengyou.web.shared.narrowing import page_of


def honours(request: HttpRequest) -> HttpResponse:
    """The whole register; with ?code= on to the certificate of that code."""
    code = request.GET.get("code", "")[:40]
    found = queries.honour_with_code(code) if code else None
    if found is not None:
        return redirect("public-honour", found.code)
    page = page_of(request, queries.honours_register())
    return render(request, "public/honours.html", {"page": page, "code": code})


def honour(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate: who holds which title by which decision, and whether it still stands."""
    row = queries.honour_with_code(code)
    if row is None:
        raise Http404
    return render(request, "public/honour.html", {"honour": row})
