"""Settings, all from the environment. One database for the house; desk and box of each open poll are made where `POLL_SERVERS` says."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ownpostgres.account import make_folders
from ownpostgres.cluster import Cluster
from ownpostgres.throwaway import Throwaways
from zhengyou.base.home import NAME, PRACTICE_MARK, data_home, own_cluster
from zhengyou.boxes.models import TABLES

BASE = Path(__file__).resolve().parent
HOME = data_home(os.environ)
FILES = HOME / "files"
RECORDS = HOME / "records"
IS_PRACTICE = (
    HOME / PRACTICE_MARK
).exists()  # a house for practising (`zhengyou practice`): every page and sheet says so
HANDED = HOME / "handed"  # files made for one person, for an hour; never served and never backed up


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def _secret(name: str) -> str:
    """A secret from the environment, or one made at first start and kept readable by the owner only."""
    if value := os.environ.get(name):
        return value
    path = HOME / "secrets" / name.lower()
    if not path.exists():
        make_folders(HOME, 0o711)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48))
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text()


def _database(url: str) -> dict[str, Any]:
    """What the address says, with all its parameters. Over a network TLS is asked for unless the address says otherwise."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise SystemExit("DATABASE_URL must begin with postgresql:// : Zhengyou runs on PostgreSQL only.")
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise SystemExit(
            f"DATABASE_URL cannot be read: {str(error).strip()}. docs/running.md says how it is written."
        ) from None
    if not str(given.get("port", "0")).isdecimal():
        raise SystemExit(
            f"DATABASE_URL cannot be read: {given['port']} is no port. docs/running.md says how it is written."
        )
    named = {name.upper(): given.pop(key, "") for name, key in NAMED_BY_DJANGO.items()}
    if not str(named["HOST"]).startswith(LOCAL_SERVERS) and named["HOST"]:
        given.setdefault("sslmode", "require")
    return named | {"OPTIONS": given}


def _embedded(cluster: Cluster) -> dict[str, Any]:
    dsn = cluster.dsn()
    return {"NAME": dsn["dbname"], "USER": dsn["user"], "HOST": str(dsn["host"]), "PORT": str(dsn["port"])}


NAMED_BY_DJANGO = {"name": "dbname", "user": "user", "password": "password", "host": "host", "port": "port"}
LOCAL_SERVERS = ("/", "localhost", "127.", "::1")  # a socket's folder, or this machine

SECRET_KEY = _secret("SECRET_KEY")
CODE_KEY = _secret("CODE_KEY")
KEY_PASSWORD = _secret("KEY_PASSWORD").encode()  # what private keys are encrypted under in the database


def _list(name: str) -> list[str]:
    """Names with commas between; blanks around them, and nothing at all, mean nothing."""
    return [one.strip() for one in os.environ.get(name, "").split(",") if one.strip()]


def _refuse(name: str, what: str) -> None:
    raise SystemExit(f"{name} is {os.environ.get(name)!r}: {what}. docs/running.md lists every variable.")


DEBUG = _flag("ZHENGYOU_DEBUG")
IS_SECOND_ISSUER = _flag("ZHENGYOU_SECOND_ISSUER")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]  # booths may be reached there without https
ALLOWED_HOSTS = _list("ZHENGYOU_HOSTS") or LOCAL_HOSTS
if any("/" in name for name in ALLOWED_HOSTS):
    _refuse("ZHENGYOU_HOSTS", "write names only, such as your.name, with commas between")
CSRF_TRUSTED_ORIGINS = _list("ZHENGYOU_ORIGINS")
if not all(re.match("https?://", origin) for origin in CSRF_TRUSTED_ORIGINS):
    _refuse("ZHENGYOU_ORIGINS", "each begins with https://, such as https://your.name")
HTTPS = _flag("ZHENGYOU_HTTPS")
# What is printed on letters, posters and certificates; without it the address at which the office happens to work.
PUBLIC_ADDRESS = os.environ.get("ZHENGYOU_ADDRESS", "").strip().rstrip("/")
if PUBLIC_ADDRESS and not re.fullmatch(r"https://[a-zA-Z0-9.-]+(:[0-9]{1,5})?", PUBLIC_ADDRESS):
    raise SystemExit(
        "ZHENGYOU_ADDRESS is the address under which everybody reaches this site: https:// and its name, with nothing behind it, "
        f"such as https://vote.example.gov.cn. It is {PUBLIC_ADDRESS!r} now."
    )
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("ZHENGYOU_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0

if "BOX_DATABASE_URL" in os.environ:
    raise SystemExit(
        "BOX_DATABASE_URL is not used any more: each poll has a server of its own below ZHENGYOU_HOME/polls, which ends with its close. "
        "Take the variable away, and destroy the server it names once no poll needs it."
    )
EMBEDDED_CLUSTERS: dict[str, Cluster] = {}
if "DATABASE_URL" in os.environ:
    DATABASES: dict[str, Any] = {"default": _database(os.environ["DATABASE_URL"])}
else:
    EMBEDDED_CLUSTERS["default"] = own_cluster(HOME)
    DATABASES = {"default": _embedded(EMBEDDED_CLUSTERS["default"])}
DATABASES["default"] |= {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# Where desk and box of each open poll are made: a server for each. `serve` keeps them for the processes that it starts.
POLL_SERVERS = Throwaways(
    HOME / "polls", name=NAME, copies=HOME / "programs", tables=TABLES, starts="ZHENGYOU_KEPT" not in os.environ
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "zhengyou",
]
MIDDLEWARE = [
    "zhengyou.web.shared.health.HealthMiddleware",
    "zhengyou.web.shared.conditional.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "zhengyou.web.shared.compressing.CompressingMiddleware",
    "zhengyou.web.shared.hashed.HashedMiddleware",
    "zhengyou.web.shared.conditional.FreshMiddleware",
    "zhengyou.web.shared.security.PolicyMiddleware",
    "zhengyou.web.shared.context.HouseWordsMiddleware",
    "zhengyou.web.shared.unreadable.UnreadableMiddleware",
    "zhengyou.web.shared.wrong_turns.OtherMethodMiddleware",
    "zhengyou.web.shared.stages.UnknownCycleMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhengyou.web.shared.marking.MarkingMiddleware",
    "zhengyou.web.shared.languages.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "zhengyou.web.shared.wrong_turns.WrongTurnMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhengyou.web.shared.refusing.RefusalMiddleware",
]
ROOT_URLCONF = "zhengyou.urls"
if IS_SECOND_ISSUER:
    # Its own process and home (`zhengyou issuer`): no accounts, no sessions, no cookies, no other pages.
    WITHOUT_COOKIES = (
        "sessions",
        "csrf",
        "auth",
        "messages",
        "htmx",
        "refusing",
        "unreadable",
        "stages",
        "wrong_turns",
    )
    MIDDLEWARE = [name for name in MIDDLEWARE if not any(f".{part}." in name for part in WITHOUT_COOKIES)]
    MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("django_htmx")]
    ROOT_URLCONF = "zhengyou.web.issuer.urls"
WSGI_APPLICATION = "zhengyou.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "zhengyou.web.shared.context.house",
            ],
            "builtins": [
                "zhengyou.templatetags.addresses",
                "zhengyou.templatetags.days",
                "zhengyou.templatetags.icons",
                "zhengyou.templatetags.parts",
                "zhengyou.templatetags.words",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "zhengyou.templatetags.said_once",  # after i18n, whose tags it says once
            ],
        },
    }
]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # `zhengyou.jobs` is the only register
PROCRASTINATE_IMPORT_PATHS = ["zhengyou.jobs"]

AUTH_USER_MODEL = "zhengyou.Account"
LOGIN_URL = "sign-in"
PASSWORD_HASHERS = ["zhengyou.base.passwords.PoliteArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "zhengyou.web.shared.session_store"
AUTHENTICATION_BACKENDS = ["zhengyou.web.shared.session_store.KnownAccounts"]
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_NAME = "zhengyou"
CSRF_COOKIE_NAME = "zhengyou_csrf"
CSRF_FAILURE_VIEW = "zhengyou.web.shared.kept_words.form_without_its_mark"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "zhengyou.web.shared.formats"
FORM_RENDERER = "zhengyou.web.shared.wrong_fields.LeadingRenderer"
USE_TZ = True
TIME_ZONE = os.environ.get("ZHENGYOU_TIME_ZONE") or "Asia/Shanghai"
if TIME_ZONE not in available_timezones():
    _refuse("ZHENGYOU_TIME_ZONE", "no such zone is known; write one such as Asia/Shanghai")

# What a form for anybody costs its sender's device: so many tries at least and twice as many at most, each of 200 hashes.
# With 500 these are 150,000 hashes on average: one to three seconds on a phone of 2015, while its owner chooses a mark.
if not re.fullmatch("[1-9][0-9]{0,6}", os.environ.get("ZHENGYOU_PUZZLE_TRIES") or "500"):
    _refuse("ZHENGYOU_PUZZLE_TRIES", "write a whole number, such as 500")
PUZZLE_TRIES = int(os.environ.get("ZHENGYOU_PUZZLE_TRIES") or "500")

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
for _folder in (
    FILES,
    RECORDS,
):  # photos that wait or were hidden, and handovers, are for no other login of this machine
    _folder.mkdir(mode=0o700, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "zhengyou.web.shared.hashed.HashedStorage"},
}
STATICFILES_FINDERS = ["zhengyou.web.shared.hashed.HashedFinder"]
STATICFILES_DIRS = [BASE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
if os.environ.get("ZHENGYOU_LOG") not in {None, "", "text", "json"}:
    _refuse("ZHENGYOU_LOG", "write text or json")
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "quiet_booth": {"()": "zhengyou.web.shared.quiet_booth.QuietBooth"},
        "one_line": {"()": "zhengyou.web.serving.logs.Brief"},
    },
    "formatters": {
        "lines": {"()": "zhengyou.web.serving.logs.LogFormat", "is_json": os.environ.get("ZHENGYOU_LOG") == "json"}
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "lines"},
        "one_line": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["one_line"]},
    },
    "loggers": {
        # What somebody sends wrongly, for example under a wrong name of the host, is no fault of ours: a line of it is enough.
        "django.security": {"handlers": ["one_line"], "level": "WARNING", "propagate": False},
        **{
            name: {"handlers": ["console"], "level": "WARNING", "propagate": False}
            for name in ("django", "procrastinate")
        },
        # What a reader did wrongly is answered to them; a line for each would tell who was where.
        "django.request": {"filters": ["quiet_booth"], "level": "ERROR"},
        "django.security.DisallowedHost": {"filters": ["quiet_booth"]},
    },
}
