"""The stages of a cycle in the reader's words, by slug."""

from zhengyou.campaigns.models import StageWindow

STAGE_NAMES = dict(StageWindow.Stage.choices)
