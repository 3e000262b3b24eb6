"""Exporting: what a format cannot say is refused, with a remedy that is one."""

import pytest

from ndtui.exporters import registry
from ndtui.exporters.contract import ExportError
from ndtui.exporters.exporting import InexpressibleError, exported
from ndtui.model.compiled.compile import compile_design
from tests.support import design


@pytest.mark.parametrize("name", ["powershell", "netsh"])
def test_lossy_is_no_remedy_where_something_cannot_be_left_out(name: str) -> None:
    """Otherwise it is offered, and refused when it is taken."""
    certificate = "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE"
    method = {"method": "IKEEXT_CERTIFICATE", "inbound": certificate, "outbound": certificate}
    made = design(keying_modules=["IKE", "AuthIP", "IKEv2"], main_mode={"ikev2_authentication": [method]})
    with pytest.raises(ExportError, match=r"cannot express .*: it cannot leave out keying_modules .* in the design"):
        exported(registry.exporter(name), compile_design(made), {})
    with pytest.raises(ExportError, match=f"^the export format {name} cannot leave out keying_modules"):
        exported(registry.exporter(name), compile_design(made), {}, lossy=True)


def test_lossy_is_the_remedy_where_it_helps() -> None:
    made = design(exemptions=[{"name": "Ping", "protocol": "icmp", "layers": ["FWPM_LAYER_INBOUND_TRANSPORT"]}])
    with pytest.raises(InexpressibleError, match="--lossy leaves it out") as caught:
        exported(registry.exporter("powershell"), compile_design(made), {})
    assert caught.value.can_be_left_out
    assert exported(registry.exporter("powershell"), compile_design(made), {}, lossy=True).lost
