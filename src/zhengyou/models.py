"""Register of the rooms' models, for Django only; nothing imports it."""

from zhengyou.appraisals.models import *  # noqa: F403
from zhengyou.awards.models import *  # noqa: F403
from zhengyou.base.models import *  # noqa: F403
from zhengyou.campaigns.models import *  # noqa: F403
from zhengyou.commitments.models import *  # noqa: F403
from zhengyou.identity.models import *  # noqa: F403
from zhengyou.notices.models import *  # noqa: F403
from zhengyou.organisations.models import *  # noqa: F403
from zhengyou.plans.models import *  # noqa: F403
from zhengyou.standings.models import *  # noqa: F403
