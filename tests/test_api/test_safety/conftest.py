"""The store of records, for the tests of what must not happen."""

from test_api.test_records.conftest import make, records

__all__ = ["make", "records"]
