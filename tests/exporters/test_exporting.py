"""Exporting: what a format cannot say is refused, with a remedy that is one."""

import pytest

from ndtui.exporters import registry
from ndtui.exporters.contract import ExportError
from ndtui.exporters.exporting import exported
from ndtui.model.compiled.compile import compile_design
from tests.support import design


@pytest.mark.parametrize("name", ["powershell", "netsh"])
def test_lossy_is_no_remedy_where_something_cannot_be_left_out(name: str) -> None:
    """Otherwise it is offered, and refused when it is taken."""
    certificate = "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE"
    method = {"method": "IKEEXT_CERTIFICATE", "inbound": certificate, "outbound": certificate}
    made = design(keying_modules=["IKE", "AuthIP", "IKEv2"], main_mode={"ikev2_authentication": [method]})
    for lossy in (False, True):
        with pytest.raises(ExportError, match="cannot leave out keying_modules") as caught:
            exported(registry.exporter(name), compile_design(made), {}, lossy=lossy)
        assert "lossy" not in str(caught.value)
