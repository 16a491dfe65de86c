"""The pointer and its switches: what they refuse, and that they read back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adsieve.domain.decision import Action
from adsieve.domain.errors import InputError
from adsieve.domain.pointer import REMEMBERED, Pointer, Release
from adsieve.domain.switches import Scope, Switch, Switches
from tests.builders import NOON


def a_release(number: int) -> Release:
    return Release(str(number), f"{number:064x}", "rana", "why", NOON)


def a_switch(what: str = "material:T-1", **fields: object) -> Switch:
    return Switch.off(what, "rana", "a storm", NOON, **fields)  # type: ignore[arg-type] # by name


def test_a_pointer_reads_back() -> None:
    pointer = Pointer().releasing(a_release(1)).releasing(a_release(2))
    pointer = pointer.turning_off([a_switch(), a_switch("market:SA", expires=NOON + timedelta(hours=1))], NOON)
    assert pointer.generation == 3
    assert Pointer.from_dict(pointer.to_dict()) == pointer
    with pytest.raises(ValueError, match="fields"):
        Pointer.from_dict(pointer.to_dict() | {"more": 1})


def test_earlier_releases_are_remembered_newest_first_and_not_for_ever() -> None:
    pointer = Pointer()
    for number in range(REMEMBERED + 5):
        pointer = pointer.releasing(a_release(number))
    assert len(pointer.earlier) == REMEMBERED
    assert pointer.earlier[0].version == str(REMEMBERED + 3)
    assert pointer.find("10").version == "10"
    assert pointer.find(f"{10:064x}"[:64]).version == "10"
    with pytest.raises(InputError, match="no earlier package"):
        pointer.find("1")


def test_an_activation_names_both_packages_and_outlives_switches() -> None:
    assert Pointer().activation is None
    first = Pointer().releasing(a_release(1))
    assert first.activation is not None
    assert (first.activation.current.version, first.activation.previous) == ("1", None)
    second = first.releasing(a_release(2))
    assert second.activation is not None
    assert second.activation.previous == a_release(1)
    assert second.turning_off([a_switch()], NOON).activation == second.activation


def test_a_package_put_in_force_again_is_another_activation() -> None:
    pointer = Pointer().releasing(a_release(1)).releasing(a_release(2))
    again = pointer.releasing(replace(a_release(1), at=NOON + timedelta(minutes=1)))
    keys = [known.activation.key for known in (Pointer().releasing(a_release(1)), pointer, again) if known.activation]
    assert len(set(keys)) == 3


def test_a_switch_replaces_the_one_of_the_same_thing() -> None:
    pointer = Pointer().turning_off([a_switch()], NOON).turning_off([a_switch(), a_switch("policy:loans")], NOON)
    assert [switch.key for switch in pointer.switches] == ["material:T-1", "policy:loans"]


def test_what_has_expired_is_dropped_at_the_next_change() -> None:
    short = a_switch(expires=NOON + timedelta(minutes=1))
    later = NOON + timedelta(hours=1)
    assert (
        Pointer().turning_off([short], NOON).turning_off([a_switch("policy:loans")], later).switches[0].name == "loans"
    )
    assert Switches([short], later).of(Scope.MATERIAL, "T-1") is None
    assert len(Switches([short], NOON)) == 1


def test_only_material_that_is_off_lets_ads_pass() -> None:
    most = {scope: a_switch(f"{scope}:x").most for scope in Scope}
    assert {scope for scope, action in most.items() if action < Action.REVIEW} == {Scope.MATERIAL}


@pytest.mark.parametrize("fields", [{"why": " "}, {"expires": NOON}])
def test_a_switch_needs_a_reason_and_a_future(fields: dict[str, object]) -> None:
    told = {"what": "material:T-1", "by": "rana", "why": "a storm", "at": NOON} | fields
    with pytest.raises(InputError):
        Switch.off(**told)  # type: ignore[arg-type] # by name
