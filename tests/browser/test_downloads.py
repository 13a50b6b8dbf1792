import pytest

from app.browser.downloads import LONGEST, file_name


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("prices.csv", "prices.csv"),
        ("../../.bashrc", "bashrc"),
        ("C:\\Windows\\win.ini", "win.ini"),
        ("a:b?.txt", "ab.txt"),
        ("NUL.txt", "file NUL.txt"),
        ("con", "file con"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_an_offered_name_becomes_one_that_means_nothing_outside_its_folder(offered: str, kept: str) -> None:
    assert file_name(offered) == kept


def test_a_long_name_keeps_its_ending() -> None:
    kept = file_name("x" * 500 + ".csv")
    assert kept.endswith(".csv")
    assert len(kept) <= LONGEST
    assert len(file_name("y" * 500)) <= LONGEST
