import os, random
from datetime import timedelta
from uuid import UUID
import pytest
from django.utils import timezone
from django.contrib.gis.geos import Point
from tests.cast.hazards import a_hazard_in, certify, in_days, ago
from tests.cast.units import mine, a_unit
from tests.ops.front import web
from geo.areas import draw_approximate_areas, set_seats
from geo.demo import DATA, rows_of
from geo.models import Region
from geo import grid, layers
from hazards.models import Hazard
from tests.console.desk import desk, seated
def drawn(page):
    try: page.locator("#mapped[data-ready='1']").wait_for(timeout=12000)
    except Exception as e: print("NOT DRAWN", page.url, page.complaints)
pytestmark=[pytest.mark.foreign]

WORDS=["二层疏散门上锁，报警控制器停用","锚杆间距超出作业规程","三号风门没有关严","配电柜前堆放杂物","灭火器压力不足","脚手架连墙件缺失","危化品仓库通风机停运","井口没有护栏","皮带机尾无防护罩"]
def fill(n=400, spot=True):
    rnd=random.Random(3)
    towns=list(Region.objects.filter(level="township").exclude(area=None))
    states=["reported","confirmed","ordered","rectifying","review_requested","closed"]
    for i in range(n):
        t=rnd.choice(towns)
        c=t.point
        p=Point(c.x+rnd.gauss(0,.03), c.y+rnd.gauss(0,.025), srid=4326)
        st=rnd.choice(states); lvl="major" if rnd.random()<.08 else "general"
        a_hazard_in(st, key=UUID(int=10**9+i), photo=None, point=p, level=lvl, description=rnd.choice(WORDS), region_code=t.code[:9]+"200",
            due_on=in_days(rnd.choice([-20,-3,1,2,5,9,12])), found_at=ago(rnd.random()*300), place=t.name+"某单位",
            closed_on=in_days(-rnd.randrange(60)) if st=="closed" else None)
    if spot:
        for i in range(7):
            a_hazard_in("ordered", key=UUID(int=2*10**9+i), photo=None, point=Point(111.13,38.46,srid=4326), description=WORDS[i], due_on=in_days(4-i))

def test_shots(committed, settings):
    from accounts.models import User
    certify("inspector","bureau","chief")
    set_seats([{k:str(v) for k,v in row.items()} for row in rows_of(DATA/"demo_seats.csv")])
    draw_approximate_areas("141123")
    mine(name="兴县柳沟养老院（示例）")
    fill()
    a_hazard_in("review_requested", unit=__import__("enterprises.models",fromlist=["x"]).Enterprise.objects.get(), key=UUID(int=5), photo=None, level="major", due_on=in_days(-3), point=Point(111.16,38.40,srid=4326), description="二层疏散门上锁，报警控制器停用", standard_clause="x")
    grid.rebuild(layers.REGISTRY["hazards"])
    out="/tmp/w/map_png"
    with web(STORAGE_DIR=str(settings.STORAGE_DIR)) as house:
        u=f"http://127.0.0.1:{house.port}"
        with desk() as d:
            page=seated(d, house.port, os.environ.get("WHO","chief"))
            reqs=[]
            page.on("requestfailed", lambda r: print("FAILED", r.url, r.failure))
            page.on("console", lambda m: print("CONSOLE", m.type, m.text[:300]))
            page.on("request", lambda r: reqs.append(r.url))
            page.on("response", lambda r: print(r.status, r.url[:150]) if r.status>=400 else None)
            page.goto(u+"/map"); drawn(page); page.wait_for_timeout(1500)
            print("REQ", len(reqs)); print("\n".join(reqs)); print("COMPLAINTS", page.complaints)
            page.screenshot(path=out+"/county-1440.png")
            page.goto(u+"/map?at=12.5/38.46/111.13"); drawn(page); page.wait_for_timeout(1500)
            page.screenshot(path=out+"/zoom-1440.png")
            page.goto(u+f"/map?hazard={UUID(int=5)}&at=11/38.42/111.14"); drawn(page); page.wait_for_timeout(1500)
            page.screenshot(path=out+"/panel-1440.png")
            page.goto(u+"/map?level=major&state=closed&sector=fireworks"); page.wait_for_timeout(2500)
            page.screenshot(path=out+"/empty-1440.png")
            print("COMPLAINTS", page.complaints)
        for w,h in ((768,1024),(360,740)):
            with desk(width=w,height=h) as d:
                page=seated(d, house.port, "chief")
                page.goto(u+"/map"); drawn(page); page.wait_for_timeout(1500)
                page.screenshot(path=f"{out}/county-{w}.png")
                page.goto(u+f"/map?hazard={UUID(int=5)}"); drawn(page); page.wait_for_timeout(1500)
                page.screenshot(path=f"{out}/panel-{w}.png", full_page=True)
        with desk(draws=False) as d:
            page=seated(d, house.port, "chief")
            page.goto(u+"/map"); page.wait_for_timeout(1500)
            page.screenshot(path=out+"/nogl-1440.png")
            print("COMPLAINTS nogl", page.complaints)
    Region.objects.update(point=None, area=None)
