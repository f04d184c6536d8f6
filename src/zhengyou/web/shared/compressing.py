"""Pages go out compressed; what is compressed already goes out as it is, so that its bytes and its mark are the same for everybody."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from zhengyou.web.shared.downloads import KINDS

COMPRESSED = {KINDS[".zip"], KINDS[".xlsx"], "image/jpeg"}


class CompressingMiddleware(GZipMiddleware):
    """Django's compression, but for files that would only be packed a second time."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("Content-Type") in COMPRESSED:
            return response
        return super().process_response(request, response)
