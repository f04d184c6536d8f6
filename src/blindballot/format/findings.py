"""What the verifier can find wrong, each as one plain sentence in English and Chinese that names the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES: dict[str, tuple[str, str]] = {
    "missing-file": ("the file is missing", "缺少这个文件"),
    "strange-file": ("a file that does not belong to a record", "这个文件不属于记录"),
    "file-changed": (
        "is not the file that record.json names: its fingerprint is another",
        "与 record.json 所记的指纹不符",
    ),
    "bad-manifest": ("not a valid manifest: {detail}", "不是有效的规则清单：{detail}"),
    "other-manifest": (
        "is not the manifest that was announced: its fingerprint is {detail}",
        "不是事先公布的规则清单，它的指纹是 {detail}",
    ),
    "bad-head": ("cannot be read: {detail}", "无法读取：{detail}"),
    "head-manifest": ("is not the manifest that record.json names", "不是 record.json 所记的规则清单"),
    "closed-early": (
        "closed the appraisal before its time, {detail}; there is no early close",
        "在规定时间 {detail} 之前就结束了；不得提前结束",
    ),
    "bad-extension": (
        "an extension of the appraisal breaks the rules: {detail}",
        "延长投票时间不合规则：{detail}",
    ),
    "bad-signature": (
        "is not the signature of the manifest's acknowledgement key on record.json",
        "不是规则清单中的回执密钥对 record.json 的签名",
    ),
    "bad-keys": ("are not the issuers' keys of the manifest: {detail}", "不是规则清单中的发票公钥：{detail}"),
    "bad-counts": ("breaks a rule of publication or cannot be read: {detail}", "违反公布规则或无法读取：{detail}"),
    "line-form": ("the line cannot be read: {detail}", "这一行无法读取：{detail}"),
    "unknown-line": (
        "a slip for a pool or line that the manifest does not have",
        "票页所属的投票组或测评行不在规则清单中",
    ),
    "wrong-issuers": (
        "the slip has another number of tokens than its pool has issuers",
        "票页的凭证数与该投票组的发票方数不符",
    ),
    "board-order": (
        "the slip is not in the order of names, or stands twice",
        "票页没有按名称排序，或重复出现",
    ),
    "forged-token": ("the token is not the issuer's signature on this serial", "凭证不是发票方对该票号的签名"),
    "bad-serial": ("the serial is not a point of P-256", "票号不是 P-256 上的点"),
    "forged-signature": ("the slip is not signed by its own serial's key", "票页不是由其票号的密钥签名"),
    "serial-twice": ("the serial of this slip stands on line {detail} as well", "该票页的票号在第 {detail} 行已出现"),
    "cancelled-order": (
        "the cancelled slip is not in the order of serials, or stands twice",
        "作废票页没有按票号排序，或重复出现",
    ),
    "cancelled-used": (
        "the slip carries a serial that cancelled.jsonl cancels on line {detail}",
        "该票页的票号已在 cancelled.jsonl 第 {detail} 行作废",
    ),
    "board-size": (
        "has {detail} slips, not as many as record.json says",
        "有 {detail} 张票页，与 record.json 所记不符",
    ),
    "board-root": ("the slips do not have the root that record.json says", "票页的根值与 record.json 所记不符"),
    "opened-order": ("the slip is not in the order of names, or stands twice", "没有按名称排序，或重复出现"),
    "opened-stranger": ("opens a slip that is not on the board", "所公开的票页不在票页清单上"),
    "opened-forbidden": ("opens a slip whose line is not published slip by slip", "公开了不得逐张公布的票页"),
    "opened-missing": ("the slip must be opened but is not in {detail}", "该票页应当公开，但不在 {detail} 中"),
    "other-commitment": ("marks and salt do not fit the slip's commitment", "评分和随机数与票页的承诺不符"),
    "no-such-mark": ("a mark that the manifest has no grade for", "出现规则清单中没有的等次"),
    "returned": (
        "{pool}, {place}: says {said} slips came back, the board has {counted}",
        "投票组 {pool}，{place}：记有 {said} 张收回，票页清单上有 {counted} 张",
    ),
    "cancelled": (
        "{pool}, {place}: says {said} paper slips were cancelled, cancelled.jsonl has {counted}",
        "投票组 {pool}，{place}：记有 {said} 张作废的票页，cancelled.jsonl 中有 {counted} 张",
    ),
    "verdict": (
        "{pool}: says {said}, the numbers make it {counted}",
        "投票组 {pool}：记为 {said}，按数字应为 {counted}",
    ),
    "recount": (
        "{pool}, {place}: {field} is not what the opened slips add up to; it should be {counted}",
        "投票组 {pool}，{place}：{field} 与公开票页的合计不符，应为 {counted}",
    ),
}


def language_named(word: str) -> str:
    """The language a person means by `--lang`: `zh` is short for `zh-hans`; any other word stands for itself."""
    return "zh-hans" if word == "zh" else word


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the file, the line in it from 1 (0 where lines do not matter), the check that failed."""

    file: str
    line: int
    check: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """The finding as a sentence in `en` or `zh-hans`."""
        english, chinese = SENTENCES[self.check]
        if language == "zh-hans":
            place = f"{self.file} 第 {self.line} 行" if self.line else self.file
            return f"{place}：{chinese.format(**self.values)}（{self.check}）"
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {english.format(**self.values)} ({self.check})"
