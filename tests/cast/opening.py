"""From the page that shows a new case code to the report itself, as a browser without scripts goes."""

import re

from django.urls import reverse

ENGLISH = {"headers": {"accept-language": "en"}}


def through_the_button(client, answer) -> str:
    """The report, by the button on that page: no code stands in any address or field of it, and no cookie is set."""
    page = answer.content.decode()
    code = re.search(r'data-case-code="([^"]+)"', page)[1]
    form = re.search(r'<form method="post" action="([^"?]*)" class="screen" novalidate>(.*?)</form>', page, re.DOTALL)
    assert form[1] == reverse("public-case-own")
    assert code not in form[0]
    assert not re.search(rf'(?:href|action)="[^"]*{code}', page)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[2]))
    after = client.post(form[1], sent, **ENGLISH)
    assert not answer.cookies
    assert not after.cookies
    return after.content.decode()
