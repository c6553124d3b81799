"""The sentences above the charts, in both languages: nothing, none, one, all, and in between."""

from datetime import date, timedelta

from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted, Figures
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import (
    BlockerCount,
    DayFigures,
    Headline,
    Lever,
    LeverKind,
    Part,
    Parts,
    Place,
    PlaceKind,
    Stage,
    StageCount,
)
from admin_app.wording import Text
from dashboards.figures import blockers, burnup, comparison, funnel, headlines, levers, parts

TODAY = date(2026, 11, 25)
PERSONS, ENTERPRISES = Counted.NATURAL_PERSONS, Counted.ENTERPRISES


def a_standing(migrated: int, others: int) -> dict[AccountState, int]:
    return {
        **dict.fromkeys(AccountState, 0),
        AccountState.MIGRATED: migrated,
        AccountState.NOT_STARTED: others,
    }


def headline(migrated: int, others: int, gained: int = 0) -> Text:
    change = {AccountState.MIGRATED: gained, AccountState.NOT_STARTED: -gained}
    each = Headline(ENTERPRISES, Figures(a_standing(migrated, others)), change)
    return headlines.finding(headlines.Headlines([each], ENTERPRISES))


def test_how_far() -> None:
    assert headline(620, 380, 41) == Text(
        "企事业单位已迁移 62%，比 7 天前多 4.1 个百分点",
        "62% of enterprises migrated, 4.1 percentage points more than 7 days ago",
    )
    assert headline(620, 380, -10).zh == "企事业单位已迁移 62%，比 7 天前少 1.0 个百分点"
    assert headline(620, 380).zh == "企事业单位已迁移 62%，与 7 天前持平"
    assert headline(0, 3).en == "None of the enterprises have migrated yet"
    assert headline(3, 0).en == "All enterprises have migrated"
    assert headline(999_999, 1).zh.startswith("企事业单位已迁移 >99.9%")
    assert headline(0, 0).zh == "这里还没有要迁移的账号或单位。"


def test_where_they_fall_out() -> None:
    stages = [StageCount(s, n) for s, n in zip(Stage, [9, 8, 8, 7, 7, 1], strict=True)]
    assert funnel.finding(funnel.Funnel(ENTERPRISES, stages)) == Text(
        "停下最多的一步：6 家企事业单位还没有走到“已有管理员”",
        "Most stop before “administrator appointed”: 6 enterprises are left there",
    )
    nobody = [StageCount(stage, 1) for stage in Stage]
    assert "Nobody fell out" in funnel.finding(funnel.Funnel(ENTERPRISES, nobody)).en


def test_why_they_are_stuck() -> None:
    one = BlockerCount(Blocker.OLD_PASSWORD, 1, TODAY - timedelta(days=1), (1, 0, 0, 0))
    assert blockers.finding(blockers.Blockers(PERSONS, [one], TODAY)) == Text(
        "1 名自然人卡住，其中“原密码错误、锁定或忘记”占 100%；最久的已卡 1 天",
        "1 natural person stuck, 100% of them: old password wrong, locked or forgotten; the oldest "
        "for 1 day",
    )
    assert blockers.finding(blockers.Blockers(PERSONS, [], TODAY)).zh == "没有卡住的"


def test_is_it_on_track() -> None:
    days = [
        DayFigures(TODAY - timedelta(days=40 - at), a_standing(at * 10, 1_000 - at * 10))
        for at in range(41)
    ]
    data = burnup.burnup(PERSONS, days, date(2027, 1, 9), share=0.5)
    assert burnup.finding(data).zh.startswith("已迁移 40%；预计12月")
    assert "八成把握" in burnup.finding(data).zh
    assert burnup.pace(data) == Text(
        "近来每天 10；要在2027年1月9日前（还有 45 天）达到 50%，每天需要 3",
        "10 a day of late; 50% by 9 Jan 2027 (45 days left) needs 3 a day",
    )
    early = burnup.burnup(PERSONS, days[:5])
    assert burnup.finding(early).zh == "已迁移 4%；数据还太少，暂时说不准何时完成"
    reached = burnup.burnup(PERSONS, days, share=0.2)
    assert burnup.finding(reached).en == "40% migrated; 20% reached on 5 Nov"
    late = burnup.burnup(PERSONS, days, TODAY - timedelta(days=1))
    assert burnup.pace(late).en == "10 a day of late; the deadline, 24 Nov, has come without 95%"


def test_where() -> None:
    place = Place(1, "p", PlaceKind.DEPARTMENT, "某市")
    two = (Part("甲", a_standing(9, 1), 2), Part("乙", a_standing(1, 4), 3))
    assert parts.finding(parts.Icicle(ENTERPRISES, place, Parts(two))) == Text(
        "某市已迁移 66.7%；乙余下最多，还有 4 家企事业单位",
        "某市: 66.7% migrated; 乙 has the most left, 4 enterprises",
    )
    done = Parts((Part("甲", a_standing(9, 0), 2),))
    assert parts.finding(parts.Icicle(ENTERPRISES, place, done)).zh == "某市：下级已全部迁移"


def test_who_next() -> None:
    lever = Lever(LeverKind.PERSON, 1, "甲", 1, 2, Blocker.OLD_PASSWORD)
    assert levers.finding(levers.Levers([lever], lever.enterprises, lever.secondary_units)) == Text(
        "有 1 处卡住了 1 家企业和 2 个二级单位",
        "One place holds up 1 enterprise and 2 secondary units",
    )
    assert levers.finding(levers.Levers([])).en == "Nobody holds up anybody else"


def test_two_days() -> None:
    earlier = DayFigures(date(2026, 11, 18), a_standing(1, 9))
    later = DayFigures(TODAY, a_standing(3, 7))
    assert comparison.finding(comparison.Comparison(PERSONS, earlier, later)) == Text(
        "11月18日到11月25日，多迁移了 2 名自然人（10% → 30%）",
        "2 natural persons more migrated from 18 Nov to 25 Nov (10% → 30%)",
    )
    missing = comparison.Comparison(PERSONS, None, later)
    assert comparison.finding(missing).zh == "这两天中至少有一天没有数据。"
