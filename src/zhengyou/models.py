"""Register of the rooms' models, for Django only; nothing imports it."""

from zhengyou.awards.models import *  # noqa: F403
from zhengyou.ballots.models import *  # noqa: F403
from zhengyou.base.models import *  # noqa: F403
from zhengyou.boxes.models import *  # noqa: F403
from zhengyou.burden.models import *  # noqa: F403
from zhengyou.campaigns.models import *  # noqa: F403
from zhengyou.commitments.models import *  # noqa: F403
from zhengyou.consultation.models import *  # noqa: F403
from zhengyou.grades.models import *  # noqa: F403
from zhengyou.identity.models import *  # noqa: F403
from zhengyou.issuers.models import *  # noqa: F403
from zhengyou.notices.models import *  # noqa: F403
from zhengyou.organisations.models import *  # noqa: F403
from zhengyou.paper.models import *  # noqa: F403
from zhengyou.plans.models import *  # noqa: F403
from zhengyou.pledges.models import *  # noqa: F403
from zhengyou.polls.models import *  # noqa: F403
from zhengyou.remarks.models import *  # noqa: F403
from zhengyou.rolls.models import *  # noqa: F403
from zhengyou.roster.models import *  # noqa: F403
from zhengyou.scrutiny.models import *  # noqa: F403
from zhengyou.standings.models import *  # noqa: F403
from zhengyou.submissions.models import *  # noqa: F403
