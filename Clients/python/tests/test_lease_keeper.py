import threading
import time

from hone_client.lease_keeper import LeaseKeeper


class CountingLease:
    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.renewed = 0
        self.enough = threading.Event()

    def renew(self, timeout):
        self.renewed += 1
        outcome = self.outcomes.pop(0) if self.outcomes else True
        if self.renewed >= 3:
            self.enough.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_a_lease_is_renewed_again_and_again_until_it_is_let_go_of():
    keeper, lease = LeaseKeeper(), CountingLease()
    number = keeper.hold(lease, 0.06)
    assert lease.enough.wait(10)
    keeper.release(number)
    time.sleep(0.05)
    renewed = lease.renewed
    time.sleep(0.15)
    assert lease.renewed == renewed


def test_a_failure_is_tried_again():
    keeper, lease = LeaseKeeper(), CountingLease(OSError("away"), OSError("away"))
    keeper.hold(lease, 0.06)
    assert lease.enough.wait(10)
    keeper.close()


def test_a_lost_lease_is_not_renewed_any_more_and_others_are():
    keeper, lost, kept = LeaseKeeper(), CountingLease(False), CountingLease()
    keeper.hold(lost, 0.03)
    keeper.hold(kept, 0.06)
    assert kept.enough.wait(10)
    keeper.close()
    assert lost.renewed == 1


def test_the_thread_ends_with_the_last_lease_and_begins_anew():
    keeper, first, second = LeaseKeeper(), CountingLease(), CountingLease()
    keeper.release(keeper.hold(first, 30))
    time.sleep(0.1)
    assert not any(t.name == "hone-leases" and t.is_alive() for t in threading.enumerate())
    keeper.hold(second, 0.03)
    assert second.enough.wait(10)
    keeper.close()
