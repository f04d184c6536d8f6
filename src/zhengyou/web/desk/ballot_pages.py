"""A signed-in member's own way into the booth: a fresh one-time code, handed on in the address's fragment, never logged."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zhengyou.appraisals import actions, queries
from zhengyou.web.shared import clock, doors


@doors.signed_in
@never_cache
def ballot(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Says whether a ballot was issued in this person's name; posting leads into the booth with a fresh code."""
    found = next(((row, issued) for row, issued in queries.open_rounds_for(request.person) if row.key == key), None)
    if found is None:
        raise Http404
    row, is_issued = found
    if request.method == "POST" and not is_issued:
        code = actions.draw_own_code(round_=row, person=request.person, at=clock.now())
        return HttpResponseRedirect(f"{reverse('booth', args=[row.key])}#m={row.fingerprint}&c={code}")
    return render(request, "desk/ballot.html", {"round": row, "is_issued": is_issued})
