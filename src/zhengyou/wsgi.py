"""The WSGI application that the server and the tests load."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengyou.settings")
application = get_wsgi_application()
