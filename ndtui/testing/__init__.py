"""What a plug-in promises, as tests: the suites that a backend or an exporter of your own is run against. Needs pytest.

Derive a class whose name begins with ``Test`` from ``backend_contract.BackendContract`` or from
``exporter_contract.ExporterContract``, and write its method ``make``: docs/plugins.md has an example of each.
"""

import pytest

# pytest explains a failed assertion only in modules that it was told of before they are imported.
pytest.register_assert_rewrite(
    "ndtui.testing.backend_contract", "ndtui.testing.backend_promises", "ndtui.testing.exporter_contract"
)
