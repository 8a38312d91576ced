"""Near relatives (Civil Code art. 1045), their inverse, and the code of GB/T 4761 that forms and files carry.

The words for people stand elsewhere; these values are what rules, rows and files say.
"""

from enum import StrEnum


class Relation(StrEnum):
    """What somebody is to the giver. The two in-law values exist so that a refusal can name them."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    PATERNAL_GRANDPARENT = "paternal_grandparent"
    MATERNAL_GRANDPARENT = "maternal_grandparent"
    PATERNAL_GRANDCHILD = "paternal_grandchild"
    MATERNAL_GRANDCHILD = "maternal_grandchild"
    PARENT_IN_LAW = "parent_in_law"
    CHILD_IN_LAW = "child_in_law"


NEAR_RELATIVES = frozenset(Relation) - {Relation.PARENT_IN_LAW, Relation.CHILD_IN_LAW}

_PAIRS = (
    (Relation.SPOUSE, Relation.SPOUSE),
    (Relation.PARENT, Relation.CHILD),
    (Relation.SIBLING, Relation.SIBLING),
    (Relation.PATERNAL_GRANDPARENT, Relation.PATERNAL_GRANDCHILD),
    (Relation.MATERNAL_GRANDPARENT, Relation.MATERNAL_GRANDCHILD),
    (Relation.PARENT_IN_LAW, Relation.CHILD_IN_LAW),
)
_INVERSE = dict(_PAIRS) | {second: first for first, second in _PAIRS}

# First digit of GB/T 4761; a child alone is told apart by sex (2 son, 3 daughter).
_CODES = {
    Relation.SPOUSE: "1",
    Relation.PATERNAL_GRANDCHILD: "4",
    Relation.MATERNAL_GRANDCHILD: "4",
    Relation.PARENT: "5",
    Relation.PATERNAL_GRANDPARENT: "6",
    Relation.MATERNAL_GRANDPARENT: "6",
    Relation.SIBLING: "7",
    Relation.PARENT_IN_LAW: "8",
    Relation.CHILD_IN_LAW: "8",
}
_CHILD_CODES = {"male": "2", "female": "3"}


def is_near(relation: Relation) -> bool:
    """Whether the law counts them among near relatives; parents- and children-in-law it does not."""
    return relation in NEAR_RELATIVES


def inverse(relation: Relation) -> Relation:
    """What the giver is to that person."""
    return _INVERSE[relation]


def gb_t_4761(relation: Relation, *, sex: str | None = None) -> str | None:
    """The code's first digit. `sex` (male, female) is the relative's; None for a child whose sex is not known."""
    if relation is Relation.CHILD:
        return _CHILD_CODES.get(sex or "")
    return _CODES[relation]
