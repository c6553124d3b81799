"""Reading what the portal reports: every province's names for it, and nonsense named (R10, R22)."""

from typing import Any

import pytest

from admin_app.identity.claims import PortalIdentity, ReportedEnterprise, read_identity
from admin_app.identity.vocabulary import AssuranceLevel, IdType, PortalNonsense
from admin_app.setting_kinds import ClaimNames
from tests import builders

NAMES = ClaimNames()


def claims(**changed: Any) -> dict[str, Any]:
    """A whole set of claims; what is given as None is missing."""
    whole: dict[str, Any] = {
        "sub": "s-1",
        "name": "示例甲",
        "id_type": "resident_id",
        "id_number": builders.id_number(1),
        "assurance_level": "intermediate",
        "enterprises": [{"uscc": builders.uscc(1), "name": "示例公司"}],
    }
    return {key: value for key, value in (whole | changed).items() if value is not None}


def read(**changed: Any) -> PortalIdentity:
    return read_identity(builders.ISSUER, claims(**changed), NAMES)


def test_a_whole_answer_is_read() -> None:
    assert read() == PortalIdentity(
        issuer=builders.ISSUER,
        subject="s-1",
        name="示例甲",
        id_type=IdType.RESIDENT_ID,
        id_number=builders.id_number(1),
        level=AssuranceLevel.INTERMEDIATE,
        enterprises=(ReportedEnterprise(builders.uscc(1), "示例公司"),),
    )


def test_another_province_names_its_claims_otherwise() -> None:
    names = ClaimNames(
        name="xm",
        id_type="zjlx",
        id_number="zjhm",
        level="rzdj",
        enterprises="qy",
        enterprise_uscc="tyshxydm",
        enterprise_name="qymc",
        levels={"2": "basic", "3": "intermediate", "5": "advanced"},
        id_types={"111": "resident_id"},
    )
    answer = {
        "sub": "s-1",
        "xm": "示例甲",
        "zjlx": 111,
        "zjhm": builders.id_number(1),
        "rzdj": 3,
        "qy": [{"tyshxydm": builders.uscc(1), "qymc": "示例公司"}],
    }

    assert read_identity(builders.ISSUER, answer, names) == read()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"sub": None}, "sub"),
        ({"sub": "s" * 201}, "sub"),
        ({"assurance_level": None}, "assurance_level"),
        ({"assurance_level": "超级"}, "assurance_level"),
        ({"assurance_level": True}, "assurance_level"),
        ({"name": None}, "name"),
        ({"name": "长" * 101}, "name"),
        ({"id_type": None}, "id_type, id_number"),
        ({"id_type": "学生证"}, "id_type, id_number"),
        ({"id_number": None}, "id_number"),
        ({"id_number": "370101198001011231"}, "id_number"),
        ({"id_number": ["370101198001011231"]}, "id_number"),
        ({"enterprises": "一家公司"}, "enterprises"),
        ({"sub": None, "name": None}, "sub, name"),
    ],
)
def test_nonsense_is_told_by_the_names_of_claims_never_by_their_values(
    changed: dict[str, Any], named: str
) -> None:
    with pytest.raises(PortalNonsense) as refused:
        read(**changed)

    assert refused.value.what == named


@pytest.mark.parametrize("level", ["none", "basic"])
def test_somebody_not_verified_yet_may_lack_name_and_number(level: str) -> None:
    """R22: they are told which step is missing, not that the portal is broken."""
    identity = read(
        assurance_level=level, name=None, id_type=None, id_number=None, enterprises=None
    )

    assert (identity.name, identity.id_type, identity.id_number) == ("", None, None)


def test_an_id_type_without_a_number_identifies_nobody() -> None:
    identity = read(assurance_level="none", id_number="1")

    assert (identity.id_type, identity.id_number) == (None, None)


def test_no_enterprises_are_none() -> None:
    assert read(enterprises=None).enterprises == ()
    assert read(enterprises=[]).enterprises == ()


def test_entries_that_cannot_be_read_are_left_out_and_counted() -> None:
    """R53: the page can say that the list may be incomplete."""
    right = {"uscc": builders.uscc(1), "name": "示例公司"}
    wrong_check = {"uscc": builders.uscc(1)[:17] + "?", "name": "示例公司"}

    identity = read(enterprises=[right, wrong_check, {"uscc": builders.uscc(2)}, "示例公司", None])

    assert identity.enterprises == (ReportedEnterprise(builders.uscc(1), "示例公司"),)
    assert identity.unreadable == 4


def test_an_enterprise_reported_twice_is_one() -> None:
    entry = {"uscc": builders.uscc(1), "name": "示例公司"}

    assert len(read(enterprises=[entry, entry]).enterprises) == 1


def test_the_number_is_not_in_what_is_printed() -> None:
    assert builders.id_number(1) not in repr(read())
