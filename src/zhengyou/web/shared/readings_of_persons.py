"""How the name of a person is read: the surname first, then what is given, each as one word: `Chén Jiǎwǔ`, `Ōuyáng Hǎi`.

A name is known by its surname and by its length, as nothing on a finished page says whose name stands where. So a surname that begins
many common words takes part only with what follows it not being such a word, and nothing that ends as a place or an office ends.
"""

from functools import lru_cache

from zhengyou.web.shared.readings import joined, looks_like_a_unit

# Two signs each; where the dictionary would read them otherwise, the reading is told.
_PAIRS = "欧阳 司马 上官 诸葛 东方 皇甫 慕容 司徒 夏侯 公孙 轩辕 端木 独孤 南宫 西门 呼延 宇文 赫连 闻人 申屠 濮阳"
_TOLD_PAIRS = {
    "尉迟": "Yùchí",
    "万俟": "Mòqí",
    "令狐": "Línghú",
    "长孙": "Zhǎngsūn",
    "鲜于": "Xiānyú",
    "澹台": "Tántái",
}
_DOUBLE = dict.fromkeys(_PAIRS.split(), "") | _TOLD_PAIRS
_SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭"
    "梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包左石崔吉钮龚程邢裴陆荣翁荀羊惠甄曲封芮储靳汲松井段富巫乌焦巴弓"
    "牧谷车侯宓全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶司韶黎薄印白怀蒲邰鄂索籍赖卓蔺屠蒙池乔阴胥苍闻莘党翟谭贡劳姬申扶堵冉宰郦雍桑桂濮牛寿边扈燕冀"
    "尚农温庄晏柴瞿阎充慕连习艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙欧沃利蔚越隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关蒯相查后荆红游"
    "竺权盖益桓公岳帅缑亢况有琴商佘佴伯赏墨哈谯笪年爱阳佟言福肖涂覃朴区冼邸逄仝乜卿邝麦练涂占候闫肖付代隋苟盘植官揭谌由布战幸柱展随尧"
)
_TOLD = (
    "单Shàn 仇Qiú 解Xiè 曾Zēng 查Zhā 区Ōu 朴Piáo 盖Gě 任Rén 华Huà 翟Zhái 覃Qín 乐Yuè 缪Miào 冼Xiǎn 逄Páng 燕Yān 纪Jǐ 葛Gě 应Yīng "
    "那Nā 訾Zī 晁Cháo 曲Qū 谌Chén 阚Kàn 都Dū 哈Hǎ 宁Nìng 尉Wèi 员Yùn 召Shào 仝Tóng 薄Bó 洗Xiǎn 宓Mì 过Guō 俞Yú 车Chē 沈Shěn 石Shí"
)
_OTHERWISE = {one[0]: one[1:] for one in _TOLD.split()}
# Common words that begin as a surname does; a name that is one of these is not read.
_COMMON = (
    "方案 方法 方便 方向 高效 高中 高龄 安全 安排 文明 文件 文化 和谐 成绩 成员 成立 程序 计划 计数 管理 "
    "管护 温馨 荣誉 平安 平均 党员 党委 党组 党务 金融 金牌 金额 万元 常务 常委 常规 黄金 周期 周年 周边 "
    "时间 时限 司机 司法 农业 农村 农户 国家 国有 公开 公示 公安 公路 公司 广场 广播 经验 经费 经济 应急 "
    "应到 安装 安置 安保 包保 包联 保洁 单位 单独 解决 任务 任职 车间 车队 路灯 路面 水利 强化 强项 富民 "
    "满意 居民 居住 容量 向导 易地 全部 全体 全程 全年 班子 班组 华侨 乐园 明细 明确 明年 相关 相册 关于 "
    "关爱 关注 年度 年内 年底 年初 有效 有关 有人 空白 空项 利民 师生 师傅 简报 简化 简介 连续 连片 习惯 "
    "艾灸 古树 步道 都市 边界 边防 支部 支持 支书 干部 干事 干群 宣传 宣讲 封存 储备 井盖 段落 印章 白天 "
    "宁静 甘蔗 武装 景区 束缚 龙头 叶子 薄弱 索引 卓越 宰杀 桑田 牛羊 寿星 燕子 柴火 充电 鱼塘 终止 衡量 "
    "匡算 越级 沙堤 养老 养护 须知 丰收 查询 查看 后勤 后续 红旗 红星 红石 红色 游客 权重 权限 益民 岳阳 "
    "商店 商户 商会 爱心 爱护 阳光 言行 福利 区委 区长 区级 区直 官方 揭牌 由来 布置 布告 战略 战斗 展示 "
    "展板 随时 花园 花名册 花坛 毛巾 米面 贝壳 皮革 齐全 康复 伍级 余额 元旦 顾问 平台 林地 林业 江边 童年 "
    "盛典 钟点 夏季 秋季 季度 田间 胡同 石桥 石板 松木 巴士 谷子 侯任 全区 全镇 全村 全市 章程 史料 费用 "
    "费率 雷达 汤药 罗列 常用 常年 于是 时段 元月 穆斯林 禹王 成果 成本 谈话 谈心 舒心 项目 项次 祝贺 梁柱 "
    "蓝图 席位 强制 贾家 路段 路口 危房 危险 郭家 梅花 高质量 高标准 房屋 房间 宗旨 洪水 左侧 左右 石料 吉祥 "
    "程度 陆续 荣获 惠民 曲艺 乌石 焦点 牧民 全县 仲裁 宫颈 池塘 申请 申诉 申报 扶贫 扶持 堵点 桂花 尚未 "
    "尚可 庄稼 区领导 区政府 区机关 区财政 区教育 区卫生 区文化 区民政 区环保 区妇联 区残联 区工会 区团委 区人大 区政协 区纪委 "
    "尚可 庄稼 代号 代录 代理 代码 任期 何地 何时 全套 全称 公布 公式 勾选 区间 单面 国企 年满 广告 "
    "应答 文号 文字 有的 查找 满分 相机 相符 空行 简版 简称 解除 计入 计票 谢谢 候选 印制 随机"
)
_TITLES = ("领导", "主任", "书记", "委员", "主席", "部长", "局长", "院长", "科长", "组长", "干事", "代表")
_WORDS = frozenset(_COMMON.split())


@lru_cache(maxsize=4096)
def person_reading(name: str) -> str:
    """`Chén Jiǎwǔ` for 陈甲午; nothing for what is no name of a person."""
    surname = name[:2] if name[:2] in _DOUBLE else name[:1]
    given = name[len(surname) :]
    if surname not in _DOUBLE and surname not in _SINGLE:
        return ""
    if not 1 <= len(given) <= 2 or name in _WORDS or name[:2] in _WORDS or given in _TITLES:
        return ""
    if looks_like_a_unit(name):
        return ""
    from pypinyin import Style, lazy_pinyin  # here: its dictionaries are a fifth of what a worker would load to start

    told = _DOUBLE.get(surname) or _OTHERWISE.get(surname)
    return f"{told or joined(lazy_pinyin(surname, style=Style.TONE))} {joined(lazy_pinyin(given, style=Style.TONE))}"
