import pytest

from family.relations import NEAR_RELATIVES, Relation, gb_t_4761, inverse, is_near


def test_the_near_relatives_are_the_eight_of_the_civil_code():
    assert sorted(NEAR_RELATIVES) == [
        "child",
        "maternal_grandchild",
        "maternal_grandparent",
        "parent",
        "paternal_grandchild",
        "paternal_grandparent",
        "sibling",
        "spouse",
    ]


@pytest.mark.parametrize("relation", [Relation.PARENT_IN_LAW, Relation.CHILD_IN_LAW])
def test_in_laws_are_named_but_not_near(relation):
    assert not is_near(relation)


@pytest.mark.parametrize("relation", list(Relation))
def test_turning_a_relation_round_twice_gives_it_back(relation):
    assert inverse(inverse(relation)) is relation


@pytest.mark.parametrize("relation", list(Relation))
def test_turning_a_relation_round_keeps_it_near_or_not(relation):
    assert is_near(inverse(relation)) == is_near(relation)


@pytest.mark.parametrize(
    ("relation", "other"),
    [
        ("spouse", "spouse"),
        ("parent", "child"),
        ("sibling", "sibling"),
        ("paternal_grandparent", "paternal_grandchild"),
        ("maternal_grandchild", "maternal_grandparent"),
    ],
)
def test_the_inverse_is_what_the_giver_is_to_the_relative(relation, other):
    assert inverse(Relation(relation)) == other


def test_a_child_is_coded_by_sex_and_not_guessed_without_it():
    assert gb_t_4761(Relation.CHILD, sex="male") == "2"
    assert gb_t_4761(Relation.CHILD, sex="female") == "3"
    assert gb_t_4761(Relation.CHILD) is None
    assert gb_t_4761(Relation.CHILD, sex="unknown") is None


def test_everybody_else_has_a_code_of_the_national_standard():
    codes = {relation: gb_t_4761(relation) for relation in Relation if relation != "child"}
    assert codes == {
        "spouse": "1",
        "parent": "5",
        "sibling": "7",
        "paternal_grandparent": "6",
        "maternal_grandparent": "6",
        "paternal_grandchild": "4",
        "maternal_grandchild": "4",
        "parent_in_law": "8",
        "child_in_law": "8",
    }
