"""Whether the text of a proxy (nginx or Caddy) lets anybody read later who came to vote, and when.

It reads the text, not what is included by it. docs/running.md says why each line matters.
"""

import re

from django.utils.translation import gettext_lazy as _

from zhengyou.operating.findings import WRONG, Finding

COMMENT = re.compile(r"(^|\s)#[^\n]*")
NO_LOG = re.compile(r"^(off|/dev/null)\b")
# What a line may hold: anything else may be an address, a time, what somebody searched for, or a mark that joins two lines.
TOLD = {"status", "request_method", "uri", "body_bytes_sent", "bytes_sent", "scheme", "server_name", "server_protocol"}
QUIET_PLACES = ("booth", "issue", "desk", "words", "sign-in", "static", "tablet")


def about_proxy(text: str) -> list[Finding]:
    """What is wrong with a proxy's settings. A text that is of neither proxy is said to be so."""
    plain = COMMENT.sub(" ", text)
    if "proxy_pass" in plain:
        return [*_access_of_nginx(plain), *_errors_of_nginx(plain), *_heads_of_nginx(plain), *_ways_of_nginx(plain)]
    if re.search(r"\breverse_proxy\b", plain):
        return _about_caddy(plain)
    return [
        Finding(
            "proxy.unknown",
            WRONG,
            _("The file is no block of nginx or Caddy that passes requests on."),
            _("Name the file with the site’s own block (proxy_pass, or reverse_proxy)."),
        )
    ]


def _access_of_nginx(text: str) -> list[Finding]:
    logs = re.findall(r"\baccess_log\s+([^;]+);", text)
    formats = dict(re.findall(r"\blog_format\s+(\S+)\s+([^;]+);", text))
    if len(logs) < _servers(text):
        return [
            _finding(
                "proxy.access-log-unset",
                _(
                    "A server block has no access_log of its own: nginx then writes address, time and page of everybody."
                ),
            )
        ]
    found = []
    for log in (one for one in logs if not NO_LOG.match(one)):
        parts = log.split()
        written = formats.get(parts[1], "") if len(parts) > 1 and "=" not in parts[1] else ""
        if not written or not TOLD.issuperset(re.findall(r"\$\{?(\w+)", written)) or log.startswith("syslog:"):
            found.append(
                _finding("proxy.log-tells-who", _("The access log writes addresses or times: %s.") % log.strip())
            )
        if not _skips_booth(text, log):
            found.append(
                _finding(
                    "proxy.log-has-booth",
                    _("The access log writes requests for the booth and what leads to it: %s.") % log.strip(),
                )
            )
    return found


def _skips_booth(text: str, log: str) -> bool:
    """Whether a log has a condition under which the booth, and what only voters fetch, is left out."""
    asked = re.search(r"\bif=\$(\w+)", log)
    block = re.search(rf"\bmap\s+\S+\s+\${asked[1]}\s*{{(.*?)}}", text, re.S) if asked else None
    return block is not None and all(name in block[1] for name in QUIET_PLACES)


def _errors_of_nginx(text: str) -> list[Finding]:
    logs = [one.split()[0] for one in re.findall(r"\berror_log\s+([^;]+);", text)]
    if len(logs) < _servers(text) or any(place != "/dev/null" for place in logs):
        return [
            _finding(
                "proxy.error-log",
                _("The error log writes address, second and page of whoever votes while the system does not answer."),
                _("Write “error_log /dev/null emerg;” into each server block."),
            )
        ]
    return []


HEADS_OF_NGINX = (
    (
        r"\bproxy_set_header\s+X-Forwarded-Proto\s+",
        "proxy.no-scheme",
        _("The system is not told that people come by HTTPS, so its booth refuses to work."),
        _("Write “proxy_set_header X-Forwarded-Proto $scheme;”."),
    ),
    (
        r"\bproxy_set_header\s+Host\s+",
        "proxy.no-host",
        _("The system is not told under which name people came, so every form is refused."),
        _("Write “proxy_set_header Host $host;”."),
    ),
    (
        r"\bproxy_request_buffering\s+off\s*;",
        "proxy.keeps-bodies",
        _("Ballots are written into files on their way."),
        _("Write “proxy_request_buffering off;”."),
    ),
)


def _heads_of_nginx(text: str) -> list[Finding]:
    return [_finding(slug, what, how) for wanted, slug, what, how in HEADS_OF_NGINX if not re.search(wanted, text)]


def _ways_of_nginx(text: str) -> list[Finding]:
    found = []
    if re.search(r"\breturn\s+30\d\s+\S*\$(http_)?host\b", text):
        found.append(
            _finding(
                "proxy.leads-away",
                _("Whoever asks under another name is led to that name: a link to this site can lead anywhere."),
                _("Write “$server_name” instead of “$host” into the redirect."),
            )
        )
    return found


def _about_caddy(text: str) -> list[Finding]:
    found = []
    logs = re.findall(r"^\s*log\b[^{\n]*(?:{([^}]*)})?", text, re.M)
    if any("discard" not in block for block in logs):
        found.append(
            _finding(
                "proxy.log-tells-who",
                _("Caddy’s log writes address, second and page of everybody."),
                _("Take the “log” directive away."),
            )
        )
    if not re.search(r"^\s*{[^}]*log\s*{[^}]*output\s+discard", text):
        found.append(
            _finding(
                "proxy.error-log",
                _("Caddy writes address, second and page of whoever votes while the house does not answer."),
                _("Write “log { output discard }” into the global options, in braces at the top."),
            )
        )
    return found


def _servers(text: str) -> int:
    return len(re.findall(r"\bserver\s*{", text))


def _finding(slug: str, what: object, advice: object = None) -> Finding:
    return Finding(
        slug, WRONG, what, advice or _("Use the file for nginx or Caddy that docs/running.md names under HTTPS.")
    )
