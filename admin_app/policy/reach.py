"""How far a right goes: nowhere, everywhere, or one subtree of the tree.

The same value answers for one row (``covers``) and, in ``hierarchy.queries.within``, as SQL;
a property test holds the two equal.
"""

from dataclasses import dataclass

# Paths are made of base-36 segments, so every path below p sorts between p and p + AFTER_ALL.
AFTER_ALL = "~"


@dataclass(frozen=True, slots=True)
class Reach:
    """A set of nodes of the tree, given by paths.

    ``top`` is the path of a subtree's uppermost node; the empty path stands above every root,
    so it means everywhere. ``None`` means nowhere. With ``strict`` the top itself is left out.
    """

    top: str | None
    strict: bool = False

    def covers(self, path: str) -> bool:
        """Whether the node with this path is in the set."""
        if self.top is None or not path.startswith(self.top):
            return False
        return not (self.strict and path == self.top)

    @property
    def is_nowhere(self) -> bool:
        return self.top is None

    @property
    def is_everywhere(self) -> bool:
        return self.top == ""


NOWHERE = Reach(None)
EVERYWHERE = Reach("")
