"""The suite that a backend is run against: everything that the contract promises and a test can see.

class TestMine(BackendContract):
    def make(self, folder: Path) -> Backend:
        return MyBackend(folder / "state.json")
"""

from ndtui.testing.backend_promises.changing import Changing
from ndtui.testing.backend_promises.confirming import Confirming
from ndtui.testing.backend_promises.going_back import GoingBack
from ndtui.testing.backend_promises.looking import Looking
from ndtui.testing.backend_promises.on_trial import OnTrial


class BackendContract(Looking, Changing, GoingBack, Confirming, OnTrial):
    """What every backend promises. Derive a class named ``Test...`` from it and write ``make``.

    What belongs to a flag is tested where the backend sets it; where it does not, that it says it cannot.
    """
