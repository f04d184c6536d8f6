"""The one Django app."""

from django.apps import AppConfig


class ZhengyouConfig(AppConfig):
    """Registers the rooms' models under a single label, so that borders between rooms never become migrations."""

    name = "zhengyou"
    default_auto_field = "django.db.models.BigAutoField"
