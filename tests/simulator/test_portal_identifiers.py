"""Check characters, against published specimens."""

import pytest

from portal_simulator import identifiers
from portal_simulator.identifiers import IdType


@pytest.mark.parametrize("number", ["11010519491231002X", "990001197001010014"])
def test_a_right_citizen_number_is_accepted(number):
    assert identifiers.is_id_number(IdType.RESIDENT_ID, number)


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491231002", "X" * 18])
def test_a_wrong_citizen_number_is_not(number):
    assert not identifiers.is_id_number(IdType.RESIDENT_ID, number)


@pytest.mark.parametrize("number", ["932682198501010017", "911124198108030024", "ABC123456789012"])
def test_permanent_residence_cards_of_both_forms_are_accepted(number):
    """R45"""
    assert identifiers.is_id_number(IdType.FOREIGN_PERMANENT_RESIDENCE, number)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91440300708461136T"])
def test_a_right_credit_code_is_accepted(code):
    assert identifiers.is_uscc(code)


@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "91350100M000100Y4", "9135010OM000100Y43"])
def test_a_wrong_credit_code_is_not(code):
    assert not identifiers.is_uscc(code)
