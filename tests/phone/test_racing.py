"""Several lines at once, with real commits."""

from __future__ import annotations

from tests.ground.connections import another, phone_of
from tests.phone.test_uploads import Line


def test_two_lines_at_once_do_not_write_over_each_other(committed):
    line = Line(phone_of("inspector"))
    at = line.begin()
    with another() as other:
        other.execute("SELECT 1 FROM phone_upload FOR UPDATE")
        assert line.go_on(at, 0, 100, status=423).json()["code"] == "upload_busy"
    line.go_on(at, 0, 100)
