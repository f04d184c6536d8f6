"""What the verifier can find wrong, each as one plain sentence in English and Chinese that names the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES: dict[str, tuple[str, str]] = {
    "missing-file": ("the file is missing", "缺少这个文件"),
    "strange-file": ("a file that does not belong to a record", "这个文件不属于记录"),
    "not-a-file": ("is not an ordinary file, or larger than {detail} bytes", "不是普通文件，或超过 {detail} 字节"),
    "file-changed": (
        "this copy was changed: it is not the file that record.json names",
        "这份副本被改动过：与 record.json 所记的文件不同",
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
        "is not the signature of the manifest's head key on record.json",
        "不是规则清单中的记录密钥对 record.json 的签名",
    ),
    "bad-keys": ("are not the issuers' keys of the manifest: {detail}", "不是规则清单中的发票公钥：{detail}"),
    "weak-key": (
        "the issuer's key of {detail} is prime or shares a factor with another: tokens could be forged",
        "{detail} 的发票密钥是素数，或与另一密钥有公因子：凭证可以伪造",
    ),
    "bad-closing-keys": (
        "are not the keys of the lines that are published slip by slip: {detail}",
        "不是逐张公布的测评行的密钥：{detail}",
    ),
    "other-key": ("the private key of {detail} is not that of its closing key", "{detail} 的私钥与其封票公钥不符"),
    "bad-printed": ("cannot be read: {detail}", "无法读取：{detail}"),
    "bad-gate": ("cannot be read: {detail}", "无法读取：{detail}"),
    "bad-statement": (
        "is not the second issuer's signed count that the record counts with: {detail}",
        "不是记录所依据的第二发票方签名数：{detail}",
    ),
    "bad-cosignature": (
        "is not a scrutineer's signed word on this record: {detail}",
        "不是监票人对本记录的签名意见：{detail}",
    ),
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
    "unknown-batch": ("the batch of this slip is not in printed.json", "该票页的印制批次不在 printed.json 中"),
    "not-printed": (
        "its path does not lead to the root that was published when its batch was printed",
        "其路径不能通向该批次印制时公布的根值",
    ),
    "undrawn": (
        "{pool}, {place}: {said} sheets of a batch were not drawn, {counted} slips of it are cancelled",
        "投票组 {pool}，{place}：某批次有 {said} 份未抽取，作废的票页为 {counted} 张",
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
    "sealed-order": ("the slip is not in the order of names, or stands twice", "没有按名称排序，或重复出现"),
    "sealed-stranger": ("sealed bytes of a slip that is not on the board", "封票内容所属的票页不在票页清单上"),
    "sealed-forbidden": (
        "sealed bytes of a slip whose line is not published slip by slip",
        "公开了不得逐张公布的票页的封票内容",
    ),
    "sealed-missing": ("the sealed bytes of this slip are not in sealed.jsonl", "该票页的封票内容不在 sealed.jsonl 中"),
    "other-sealed": ("the sealed bytes are not those that the slip has the hash of", "封票内容与票页所记的哈希值不符"),
    "other-places": (
        "does not hand over the sealed lines of this record, or their keys do not fit",
        "所移交的不是本记录中未逐张公布的测评行，或其密钥不符",
    ),
    "false-invalid": (
        "the slip is called invalid, but opened anew it is not, or for another reason",
        "该票页被记为无效，重新开启却有效，或无效的原因不同",
    ),
    "false-opening": ("opened anew the slip has other marks or another salt", "重新开启后，该票页的评分或随机数不同"),
    "invalid-order": ("the slip is not in the order of names, or stands twice", "没有按名称排序，或重复出现"),
    "invalid-stranger": ("calls a slip invalid that is not on the board", "所称的无效票页不在票页清单上"),
    "invalid-forbidden": (
        "calls a slip invalid whose line is not published as counts",
        "该票页所在的测评行不公布计数，不得列入",
    ),
    "bad-proof": ("the proof that the slip was opened rightly does not hold", "开启该票页的证明不成立"),
    "unproved-invalid": (
        "{pool}, {place}: says {said} slips are invalid, {counted} are proved so",
        "投票组 {pool}，{place}：记有 {said} 张无效，有证明的为 {counted} 张",
    ),
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
        file = printable(self.file)
        values = {name: printable(str(value)) for name, value in self.values.items()}
        if language == "zh-hans":
            place = f"{file} 第 {self.line} 行" if self.line else file
            return f"{place}：{chinese.format(**values)}（{self.check}）"
        place = f"{file}, line {self.line}" if self.line else file
        return f"{place}: {english.format(**values)} ({self.check})"


def printable(text: str) -> str:
    """Text out of a record as it may stand in a verdict: what could move the cursor, hide or turn a line is written as its number."""
    return "".join(sign if sign.isprintable() else f"\\u{{{ord(sign):x}}}" for sign in text)
