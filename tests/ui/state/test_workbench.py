"""What is checked at every edit, and what waits until the keys have come to rest."""

from ndtui.analysis.check.examine import check
from ndtui.ui.state.workbench import CHECK_AT_ONCE, open_workbench
from tests.support import exempting

FIVE = [f"{low}-{low + 5000}" for low in range(0, 60_000, 12_000)]


def test_what_is_simple_is_checked_at_once():
    plain = exempting(*({"protocol": "tcp", "remote_ports": [port]} for port in range(1, CHECK_AT_ONCE + 1)))
    bench = open_workbench(plain, None)
    assert bench.checked_at_once
    assert bench.findings == check(bench.filterset)


def test_what_may_take_longer_than_a_moment_waits():
    many = exempting(*({"protocol": "tcp", "remote_ports": [port]} for port in range(1, CHECK_AT_ONCE + 2)))
    wide = exempting(*({"protocol": "tcp", "local_ports": FIVE, "remote_ports": FIVE} for _ in range(200)))
    for design in (many, wide):
        bench = open_workbench(design, None)
        assert not bench.checked_at_once
        assert "findings" not in bench.__dict__
