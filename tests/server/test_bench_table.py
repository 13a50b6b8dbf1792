"""The table of measurements reads well."""

from tests.bench.table import Row, as_table


def test_a_table_has_equally_wide_columns() -> None:
    rows = [Row("first page", "0.32 s", "0.40 s", "0.80x", "≤ 1.25x"), Row("memory", "61 MB", "73 MB", "0.84x", "")]
    assert as_table(rows).splitlines() == [
        "what         value   floor  ratio      aim",
        "----------  ------  ------  -----  -------",
        "first page  0.32 s  0.40 s  0.80x  ≤ 1.25x",
        "memory       61 MB   73 MB  0.84x",
    ]
