"""Who may register, rise, and bind an enterprise."""

import pytest

from portal_simulator import enterprises, people
from portal_simulator.people import Level
from portal_simulator.refusals import Refusal, Refused

RESIDENT = {"name": "示例测试", "id_type": "resident_id", "id_number": "990001199901010019"}
CARD = {
    "name": "示例外籍",
    "id_type": "foreign_permanent_residence",
    "id_number": "ABC123456789012",
}
PASSPORT = {"name": "示例护照", "id_type": "passport", "id_number": "XX9900099"}
MARINE = ("91990001990000068B", "演示海洋装备有限公司")


def joins(db, document=RESIDENT, mobile="10100000090", **changes):
    form = {**document, "mobile": mobile, "password": "long enough", **changes}
    return people.register(db, **form)


def risen(db, person, level):
    while person.level < level:
        person = people.rise(db, person, next(iter(people.METHODS[person.next_level])))
    return person


def refusal_of(act, *arguments, **named):
    with pytest.raises(Refused) as caught:
        act(*arguments, **named)
    return caught.value.refusal


def test_a_new_person_is_not_verified(db):
    """R06"""
    assert joins(db).level is Level.NONE


def test_an_id_number_can_be_registered_once(db):
    """R25: 身份证号信息重复"""
    joins(db)
    assert refusal_of(joins, db, mobile="10100000091") is Refusal.ID_NUMBER_TAKEN
    assert "身份证号信息重复" in Refusal.ID_NUMBER_TAKEN.sentences[0]


def test_width_and_case_do_not_make_another_id_number(db):
    """R25"""
    joins(db, PASSPORT)
    again = joins, db, {**PASSPORT, "id_number": "ｘｘ 9900099"}
    assert refusal_of(*again, mobile="10100000091") is Refusal.ID_NUMBER_TAKEN


def test_somebody_can_ask_whether_they_are_registered(db):
    """R25: 查询是否注册过"""
    joins(db)
    assert people.is_registered(db, "示例测试", "990001199901010019")
    assert not people.is_registered(db, "别人", "990001199901010019")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, Refusal.NAME_MISSING),
        ({"id_number": "990001199901010018"}, Refusal.ID_NUMBER_WRONG),
        ({"id_type": "driving_licence"}, Refusal.ID_NUMBER_WRONG),
        ({"mobile": "12345"}, Refusal.MOBILE_WRONG),
        ({"password": "short"}, Refusal.PASSWORD_SHORT),
    ],
)
def test_a_registration_that_is_not_right_is_refused(db, changes, refusal):
    assert refusal_of(joins, db, **changes) is refusal


def test_people_rise_one_level_at_a_time_to_the_highest(db):
    """R10"""
    person = joins(db)
    for level in (Level.BASIC, Level.INTERMEDIATE, Level.ADVANCED):
        person = risen(db, person, level)
        assert person.level is level
    assert refusal_of(people.rise, db, person, "counter") is Refusal.LEVEL_HIGHEST


def test_a_failed_verification_leaves_the_level_and_names_the_hotline(db):
    """R25: 无法实名认证"""
    person = risen(db, joins(db), Level.BASIC)
    refusal = refusal_of(people.rise, db, person, people.FAILING_METHOD)
    assert refusal is Refusal.VERIFICATION_FAILED
    assert "{hotline}" in refusal.sentences[0]
    assert people.get(db, person.sub).level is Level.BASIC


def test_a_passport_stays_at_basic(db):
    """R44: 不支持护照认证"""
    person = risen(db, joins(db, PASSPORT), Level.BASIC)
    refusal = refusal_of(people.rise, db, person, "face")
    assert refusal is Refusal.PASSPORT_NOT_SUPPORTED
    assert "不支持护照认证" in refusal.sentences[0]


def test_a_permanent_residence_card_can_rise(db):
    """R45"""
    assert risen(db, joins(db, CARD), Level.INTERMEDIATE).level is Level.INTERMEDIATE


def test_binding_comes_after_intermediate_verification(db):
    """R24"""
    person = risen(db, joins(db), Level.BASIC)
    assert refusal_of(enterprises.bind, db, person, *MARINE) is Refusal.LEVEL_TOO_LOW_TO_BIND


def test_a_legal_representative_binds_several_and_lets_go_of_one(db):
    """R53"""
    person = risen(db, joins(db), Level.INTERMEDIATE)
    enterprises.bind(db, person, *MARINE)
    enterprises.bind(db, person, "129900019900000178", "演示大学")
    assert enterprises.unbind(db, person, MARINE[0])
    assert [e.name for e in enterprises.of_person(db, person.sub)] == ["演示大学"]


def test_only_the_registered_legal_representative_binds(db):
    """R23"""
    person = risen(db, joins(db), Level.INTERMEDIATE)
    enterprises.enter(db, enterprises.Enterprise(*MARINE), "somebody-else")
    assert refusal_of(enterprises.bind, db, person, *MARINE) is Refusal.NOT_LEGAL_REPRESENTATIVE


def test_what_somebody_has_bound_is_not_anothers_to_bind_or_unbind(db):
    first = risen(db, joins(db), Level.INTERMEDIATE)
    second = risen(db, joins(db, CARD, "10100000091"), Level.INTERMEDIATE)
    enterprises.bind(db, first, *MARINE)
    assert refusal_of(enterprises.bind, db, first, *MARINE) is Refusal.ALREADY_BOUND
    assert refusal_of(enterprises.bind, db, second, *MARINE) is Refusal.ENTERPRISE_TAKEN
    assert not enterprises.unbind(db, second, MARINE[0])


@pytest.mark.parametrize(
    ("uscc", "name", "refusal"),
    [
        ("91990001990000068C", "演示海洋装备有限公司", Refusal.USCC_WRONG),
        ("91990001990000068B", " ", Refusal.ENTERPRISE_NAME_MISSING),
        ("91990001990000068B", "别的公司", Refusal.ENTERPRISE_NAME_DIFFERS),
    ],
)
def test_code_and_name_must_be_those_of_the_register(db, uscc, name, refusal):
    person = risen(db, joins(db), Level.INTERMEDIATE)
    enterprises.enter(db, enterprises.Enterprise(*MARINE), person.sub)
    assert refusal_of(enterprises.bind, db, person, uscc, name) is refusal


def test_the_database_itself_keeps_passports_at_basic(db):
    """R44"""
    person = joins(db, PASSPORT)
    with pytest.raises(Exception, match="CHECK constraint"):
        db.execute("update person set level = 'intermediate' where sub = ?", (person.sub,))
