"""What statements need of a connection: SQLAlchemy's, or the driver's with as little around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Dialect, PoolProxiedConnection


class Driven(Protocol):
    """A connection in a transaction, by which the driver can be spoken to.

    SQLAlchemy's own is one. What it does around a statement takes longer than a file of SQLite
    needs for one row, so statements that are texts already go to the driver's cursor.
    """

    @property
    def dialect(self) -> Dialect:
        """What the database speaks."""

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's connection, as the pool lends it."""


class Bare:
    """The driver's connection alone, in a transaction that somebody else begins and ends.

    Parameters
    ----------
    connection
        As the pool lends it.
    dialect
        What the database speaks.
    """

    __slots__ = ("connection", "dialect")

    def __init__(self, connection: PoolProxiedConnection, dialect: Dialect) -> None:
        self.connection: Any = connection
        self.dialect = dialect
