"""The stages of a cycle in the reader's words."""

from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns.models import StageWindow

STAGE_NAMES = {
    StageWindow.Stage.PROMISE.value: _("Themes and promises"),
    StageWindow.Stage.FULFIL.value: _("Keeping the promises"),
    StageWindow.Stage.APPRAISE.value: _("Appraisal"),
    StageWindow.Stage.RECOGNISE.value: _("Notice and commendation"),
}
