"""The one Django app."""

from django.apps import AppConfig

from zhengyou.web.shared import own_sentences


class ZhengyouConfig(AppConfig):
    """Registers the rooms' models under a single label, so that borders between rooms never become migrations."""

    name = "zhengyou"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Before any form is made: what is wrong with a field is said in the house's own words."""
        own_sentences.say_own_sentences()
