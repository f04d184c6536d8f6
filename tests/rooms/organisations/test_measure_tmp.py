import time, random
import pytest
from django.db import connection
from tests.cast import small_district, NOW
from tests.rooms.organisations.lists import xlsx
from zhengyou.organisations import actions, importing
from zhengyou.organisations.models import *

@pytest.mark.django_db
def test_measure(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    d = small_district()
    random.seed(1)
    kinds=["党委","党总支","党支部","联合党支部"]; sectors=["农村","机关","社区","非公企业"]
    orgs=[["区党组织一览表"],["组织代码","组织名称","上级组织","组织类别","所属领域","第一责任人"]]
    for i in range(2000):
        parent = "001" if i<40 else f"O{random.randrange(40 if i<300 else 300):05d}"
        orgs.append([f"O{i:05d}", f"第{i}号测试单位党支部", parent, random.choice(kinds), random.choice(sectors), "P0002"])
    fam="赵钱孙李周吴郑王冯陈褚卫"; giv="伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
    ppl=[["姓名","党员编号","所在支部","人员类别","是否流动党员","身份证号"]]
    for i in range(40000):
        ppl.append([random.choice(fam)+random.choice(giv)+random.choice(giv), f"N{i:06d}", f"O{random.randrange(2000):05d}", "正式党员", "否","431202198001011234"])
    for what, rows in (("organisations", orgs), ("people", ppl)):
        data = xlsx(("表", rows))
        print(what, len(data)//1024, "KB")
        import cProfile,pstats
        for turn in ("first","again-2%-changed"):
            t=time.monotonic(); draft=actions.draft_import(what=what,data=data,file_name="x.xlsx",at=NOW,by=d.office); t1=time.monotonic()
            plan=importing.plan_of(draft); fp=plan.fingerprint; t2=time.monotonic()
            q=len(connection.queries_log)
            actions.confirm_import(draft=draft,seen=fp,at=NOW,by=d.office); t3=time.monotonic()
            print(f"  {turn}: read {t1-t:.2f} preview {t2-t1:.2f} confirm {t3-t2:.2f}", plan.counts)
            for r in rows[2:][::50]:
                r[0 if what=="people" else 1]+="改"
            data=xlsx(("表", rows))
    t=time.monotonic(); b=importing.present_workbook("people","zh-hans"); print("export people", time.monotonic()-t, len(b)//1024)
    t=time.monotonic(); b=importing.present_workbook("organisations","zh-hans"); print("export orgs", time.monotonic()-t)
    import resource; print("peak MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024)
