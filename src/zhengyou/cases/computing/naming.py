"""What reads like somebody's name, by what stands around it, since names have no mark of their own: a surname before or after a title,
老王, 王某某, the surnames of two signs. A title is a whole word: no name begins or ends within one.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from zhengyou.base.folding import simplified

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常葛易乔庞樊殷施洪翟颜倪牛温季俞鲁伍申尤毕聂焦柳邢岳齐梅庄辛祝左涂谷祁舒耿詹苗凌纪靳盛童甄项游裴屈鲍霍翁甘"
    "柯阮闵柴饶瞿戚丘滕臧苟褚简娄符奚穆燕郎冀姬晏窦敖冷卓艾蓝巩佟匡宗巫鞠桑荆谌"
)
OF_TWO = (
    "欧阳|诸葛|夏侯|皇甫|尉迟|慕容|令狐|宇文|端木|独孤|呼延|轩辕|(?<![公上])司马|(?<!公)司徒|(?<!外)公孙(?![子女])"
    "|(?<![网晚街路线早村身以])上官(?![方员网府司兵])"
)
OF_TWO_UNSURE = "东方|西门|南宫|长孙|百里|东郭"  # places too: names only with a title
SURNAME = rf"(?:{OF_TWO}|[{SURNAMES}])"
TITLES = re.findall(
    r"\S+",
    """
    先生 女士 小姐 老师 老师傅 教师 教练 教授 医生 大夫 医师 主治医师 主任医师 副主任医师 校医 村医 护士 护士长 药师 主任
    副主任 班主任 副班主任 教导主任 年级主任 村主任 书记 副书记 支书 村支书 书记员 科长 副科长 局长 副局长 处长 副处长
    院长 副院长 校长 副校长 园长 所长 副所长 站长 副站长 村长 镇长 副镇长 乡长 副乡长 区长 县长 副县长 市长 部长 队长
    副队长 组长 副组长 班长 厂长 店长 股长 科员 干事 专员 网格员 师傅 经理 副经理 总经理 老板 同志 警官 民警 辅警 交警
    保安 城管 法官 检察官 律师 工程师 会计 会计师 出纳 收费员 营业员 窗口人员 工作人员 经办人 办事员 司机 阿姨 大姐 大哥
    大爷 大妈 大叔 大嫂 奶奶 爷爷 叔叔
    """,
)
NO_TITLES = re.findall(
    r"\S+",
    """
    会计师事务所 校长办公室 主任办公室 书记办公室 院长办公室 局长办公室 主任科员 护士站 护士台 医生站 书记处 律师事务所
    经理部 教师节 局长信箱 市长热线 区长热线 县长热线 书记信箱 校长信箱 院长信箱
    """,
)
TITLE = re.compile("|".join(sorted({*TITLES, *NO_TITLES}, key=len, reverse=True)))
NO_END = "村镇乡街路办局科站组区园校院厅"  # with such a sign it is a place or an office
NOT_GIVEN = (
    f"{NO_END}的了是在和与把被给对向跟让叫请找说要不有没我你您他她它们这那哪个第也就都还去来"
    "到从为因所以及或但而又再才只很最家户位名年月时候里外上下"
)
# Words in which a surname is none: with the sign after it, or with the one before it.
WORDS = frozenset(
    re.findall(
        r"\S+",
        """
    于是 何时 何况 何必 何处 任何 任意 任务 任期 任职 方便 方面 方法 方式 方向 方案 严重 严格 严厉 严肃 黄昏 黄色 金额
    金钱 金属 高度 高中 高兴 高级 高龄 高压 高层 程序 程度 段时 段路 万一 万分 万元 万人 马上 马路 马虎 石头 石子 田间
    田地 田里 白天 白色 白跑 白等 余下 余额 许多 许久 江边 龙头 史上 钟头 钟内 周末 周围 周边 周期 周到 周一 周二 周三
    周四 周五 周六 周日 张贴 张开 陈旧 陈述 夏天 夏季 向我 向您 向他 向她 向老 向上 向群 向社 毛病 谢谢 谢绝 温度 武装
    武警 丁点 林业 林地 林场 唐突 贺卡 付款 付费 付了 付清 陆续 顾客 顾问 顾及 钱款 钱财 常常 常见 常年 常住 易于 季度
    季节 项目 游客 左右 左边 简单 简直 简易 简陋 冷漠 冷淡 冷水 符合 申请 申报 申诉 申领 齐全 尤其 毕竟 毕业 纪律 纪委
    纪检 凌晨 施工 施压 洪水 辛苦 舒服 舒适 祝愿 童车 宗旨 庄稼 牛奶 鲁莽 石板 雷雨 雷电 宋体 孔洞 汤圆 高速 高温 高考
    高价 高铁 何故 金融 金银 方才 任由 段落 史料 贺信 顾虑 于他 于我 于此 由于 关于 对于 至于 等于 属于 位于 在于 处于
    用于 便于 过于 终于 低于 高于 主任 担任 责任 信任 现任 前任 如何 几何 对方 双方 校方 院方 警方 地方 官方 多方 各方
    后方 前方 我方 医方 资方 历史 工程 课程 流程 过程 章程 日程 全程 路程 议程 资金 现金 基金 奖金 押金 租金 罚金 定金
    阶段 手段 路段 地段 也许 允许 准许 或许 其余 多余 业余 剩余 提高 最高 较高 过高 大陆 登陆 明白 空白 农田 稻田 水田
    照顾 回顾 交付 支付 应付 缴付 收付 武术 动向 志向 倾向 经常 正常 非常 平常 日常 异常 通常 容易 不易 交易 贸易 四季
    事项 各项 一项 选项 款项 儿童 旅游 导游 体温 降温 气温 队伍 世纪 年纪 疫苗 禾苗 措施 设施 实施 村庄 不符 相符 整齐
    补齐 备齐 对齐 大宗 上周 本周 下周 一周 两周 每周 几周 紧张 夸张 扩张 主张 慌张 开张 纸张 一张 两张 几张 每张 那张
    这张 千万 百万 数万 几万 一万 两万 闹钟 分钟 点钟 刻钟 森林 树林 山林 石林 付钱 交钱 收钱 花钱 要钱 退钱 给钱 赚钱
    价钱 多钱 零钱 省钱 出马 人马 车马 平安 感谢 多谢 致谢 长江 拐江 沿江 过江 威严 庄严 森严 庆贺 祝贺 鸡毛 羊毛 眉毛
    皮毛 化石 岩石 碎石 砂石 沙石 钻石 磁石 沙龙 水龙 黑龙 范围 向大 向某 向该 向本 向全 向其 小于 大于 游戏 纪录 温室
    龙虾 方言 方针 高效 高尚 何以 何种 何苦 左侧 左手 常规 常用 周全 周岁 周年 周转 白班 白眼 白领 白吃 严禁 严查 严谨
    任凭 连任 胜任 聘任 兼任 专任 段话 段距 叶子 树叶 落叶 茶叶 苏醒 马桶 马甲 桥梁 房梁 石油 石灰 白灰 白板 白酒 林权
    林木 林区 园林 造林 护林 许可 任课 祝大 祝各 祝您 向村 向居 向学 向家 向患
    向公 向业
    """,
    )
)
AFTER_A_NAME = "家|户|本人|反映|投诉|举报|来电|所说|的事|办[好理结了]|说|提出|上门|来过|签字|同意|再来|解释"
# 向职工说明: to whom something is said, and nobody’s name.
TO_WHOM = "向[\u4e00-\u9fff]{1,3}(?:说|解释|公[示布开]|道歉|反馈|通报|答复|告知|宣传|核实|了解)"
BEFORE_A_NAME = "给为向跟与把被由帮找叫是请和对同让问经"
PATTERNS = (
    re.compile(rf"[老小阿](?P<name>[{SURNAMES}])(?![\u4e00-\u9fff]?[{NO_END}巷弄])"),
    re.compile(
        rf"(?P<name>(?:{OF_TWO_UNSURE}|{SURNAME})(?:某{{1,2}}|[×*○〇]{{1,2}}[\u4e00-\u9fff]?|[xX]{{1,2}}(?![0-9A-Za-z])))"
    ),
    re.compile(rf"(?P<name>(?:{OF_TWO})[^\W\d_a-zA-Z{NOT_GIVEN}]{{0,2}})(?![\u4e00-\u9fff]?[{NO_END}台巷弄湖河山])"),
    re.compile(rf"(?:叫|名字是)(?P<name>{SURNAME}[\u4e00-\u9fff]{{1,2}})"),
    re.compile(
        rf"(?:^|[{BEFORE_A_NAME}，。、；：“,.;:\s]|[村居]民|群众|家长)(?!{TO_WHOM})(?P<name>{SURNAME}[\u4e00-\u9fff]{{1,2}})(?<![{NO_END}])(?={AFTER_A_NAME})"
    ),
    re.compile(rf"[的叫](?P<name>{SURNAME}[\u4e00-\u9fff]{{2}})(?<![{NO_END}])(?=[，。、；！？,.;!?]|$)"),
)
IN_LETTERS = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Miss)\.? [A-Z][\w-]+(?: [A-Z][\w-]+)?")
FIRST = re.compile(SURNAME)
ALONE = re.compile(f"{OF_TWO_UNSURE}|{SURNAME}")
BEFORE_A_TITLE = re.compile(rf"(?:(?:{OF_TWO}|{OF_TWO_UNSURE})|[{SURNAMES}])[^\W_{NOT_GIVEN}]{{0,2}}")
AFTER_A_TITLE = re.compile(
    rf"(?P<name>{SURNAME}[^\W\d_a-zA-Z{NOT_GIVEN}]{{1,2}}?)(?=[在的收打骂踢说要把对给让叫跟也是不和与没有，。、；：！？,.;:!?\s（(]|$)"
)
LOOSELY_AFTER_A_TITLE = re.compile(rf"{SURNAME}[^\W\d_a-zA-Z{NOT_GIVEN}]{{1,2}}")
LONGEST = 4  # signs of a name


def in_plain_signs(text: str) -> str:
    """The text in simplified characters and ordinary widths, sign for sign, so that a place in it stays a place."""
    return "".join(one if one.isascii() or len(plain := simplified(one)) != 1 else plain for one in text)


def words_of_titles(words: str) -> list[tuple[int, int]]:
    """Where titles stand, each as a whole word: 班主任, not 主任 in it. Words that only begin like one are among them."""
    return [found.span() for found in TITLE.finditer(words)]


def spans_of_names(words: str) -> list[tuple[int, int]]:
    """Where something reads like a name, in order, from–to, without the titles beside it."""
    words = in_plain_signs(words)
    titles = words_of_titles(words)
    found = chain(
        _by_pattern(words, titles), _by_title(words, titles), (one.span() for one in IN_LETTERS.finditer(words))
    )
    whole = ((start, min([end, *(begin for begin, _stop in titles if start < begin)])) for start, end in found)
    kept = [(start, end) for start, end in whole if not any(begin <= start < stop for begin, stop in titles)]
    return sorted(dict.fromkeys(kept))


def names_in(words: str) -> list[str]:
    """What reads like somebody's name, in order, each once. A rule cannot know all of them, and takes some words for names."""
    return list(dict.fromkeys(words[start:end] for start, end in spans_of_names(words)))


def spans_with_titles(words: str) -> list[tuple[int, int]]:
    """The same, each with the title before it, a surname alone with that behind it too, and what could be a name behind a title."""
    words = in_plain_signs(words)
    titles = [one for one in words_of_titles(words) if words[slice(*one)] not in NO_TITLES]
    begins, ends = {stop: begin for begin, stop in titles}, dict(titles)
    names = [*spans_of_names(words), *_loosely(words, begins)]
    return [
        (begins.get(start, start), ends.get(end, end) if ALONE.fullmatch(words, start, end) else end)
        for start, end in names
    ]


def _loosely(words: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """What could be a name behind a title, whatever comes after it: for a ring, which does no harm where it is none."""
    for place in places:
        found = LOOSELY_AFTER_A_TITLE.match(words, place)
        if found and not _is_word(words, place):
            yield found.span()


def _by_pattern(words: str, titles: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A name that would begin within a title is looked for behind it: 科长孙某 holds 孙某, and no 长孙."""
    for pattern in PATTERNS:
        for first in pattern.finditer(words):
            behind = next((stop for begin, stop in titles if begin <= first.start("name") < stop), None)
            found = first if behind is None else pattern.match(words, behind)
            if found is None:
                continue
            start, end = found.span("name")
            if not _is_word(words, start):
                yield (start - 1 if pattern is PATTERNS[0] else start), end


def _by_title(words: str, titles: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = 0
    for begin, end in titles:
        if words[begin:end] not in NO_TITLES:
            if (start := _before(words, last, begin)) is not None:
                is_familiar = begin - start == 1 and last < start and words[start - 1] in "老小阿"
                yield start - is_familiar, begin
            after = AFTER_A_TITLE.match(words, end)
            if after and not _is_word(words, end):
                yield after.span("name")
        last = end


def _before(words: str, last: int, begin: int) -> int | None:
    """Where the name begins that ends at a title; None if none does."""
    for start in range(max(last, begin - LONGEST), begin):
        is_alone = begin - start == 1 and words[start] in "向"
        if BEFORE_A_TITLE.fullmatch(words, start, begin) and not is_alone and not _is_word(words, start):
            return start
    return None


def _is_word(words: str, start: int) -> bool:
    """Whether the surname at this place belongs to another word: 于 in 由于 or 于是. One of two signs never does."""
    first = FIRST.match(words, start)

    around = {words[start : start + 2], words[max(start - 1, 0) : start + 1]}
    return (first is None or len(first.group()) == 1) and not WORDS.isdisjoint(around)
