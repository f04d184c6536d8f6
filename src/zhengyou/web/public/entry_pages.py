"""With a one-time code: whether a ballot was issued in its holder's name, and the proof that they stand on the announced roll.

The code comes in the body of the request, never in an address; the page sets no cookie and reads no session.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots import rules as ballot_rules
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import security
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.pages import found
from zhengyou.web.shared.security import is_private

LONGEST_CODE = 60


@sensitive_post_parameters("code")
@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for a code; with one, say what was issued in its holder's name, and hand out their entry."""
    row = found(poll_queries.announced_poll(key))
    if not is_private(request):
        return render(request, "public/booth_entry.html", {"poll": row, "refusal": str(security.insecure_address())})
    if request.method == "GET":
        return render(request, "public/booth_entry.html", {"poll": row})
    code = request.POST.get("code", "")[:LONGEST_CODE]
    own = ballot_queries.roll_entry_with_code(row, code)
    if own is None:
        shown = {"poll": row, "refusal": str(ballot_rules.unknown_code())}
        return render(request, "public/booth_entry.html", shown, status=409)
    if "keep" in request.POST:
        return download(ballot_queries.kept_entry(own), f"roll-entry-{row.key}.json")
    return render(request, "public/booth_entry.html", {"poll": row, "entry": own, "code": code})
