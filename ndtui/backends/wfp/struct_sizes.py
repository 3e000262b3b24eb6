"""Sizes of the structures that are passed to Windows: held against what win32more declares, before any is used.

With one of another size everything behind it would be read or written in the wrong place. ARM64 lays out as x64 does:
pointers of eight bytes, and every number aligned to its size; x86 has pointers of four.
Source: fwpmtypes.h, fwptypes.h, iketypes.h and ipsectypes.h, as compiled for each.
"""

from collections.abc import Mapping
from ctypes import c_void_p, sizeof
from typing import Any

from ndtui.backends.contract.backend_errors import BackendError

#: The size of each structure in bytes: on x64 and ARM64, and on x86.
SIZES: Mapping[str, tuple[int, int]] = {
    "FWPM_DISPLAY_DATA0": (16, 8),
    "FWP_BYTE_BLOB": (16, 8),
    "FWP_VALUE0": (16, 8),
    "FWP_CONDITION_VALUE0": (16, 8),
    "FWP_V4_ADDR_AND_MASK": (8, 8),
    "FWP_V6_ADDR_AND_MASK": (17, 17),
    "FWP_RANGE0": (32, 16),
    "FWPM_ACTION0": (20, 20),
    "FWPM_FILTER_CONDITION0": (40, 28),
    "FWPM_FILTER0": (200, 152),
    "FWPM_FILTER_ENUM_TEMPLATE0": (72, 48),
    "FWPM_SESSION0": (72, 48),
    "FWPM_PROVIDER0": (64, 40),
    "FWPM_SUBLAYER0": (72, 44),
    "FWPM_SUBLAYER_ENUM_TEMPLATE0": (8, 4),
    "FWPM_LAYER0": (72, 56),
    "FWPM_PROVIDER_CONTEXT0": (88, 56),
    "FWPM_PROVIDER_CONTEXT1": (88, 56),
    "FWPM_PROVIDER_CONTEXT2": (88, 56),
    "FWPM_PROVIDER_CONTEXT3": (88, 56),
    "FWPM_PROVIDER_CONTEXT_ENUM_TEMPLATE0": (16, 8),
    "IPSEC_AUTH_TRANSFORM0": (16, 12),
    "IPSEC_CIPHER_TRANSFORM0": (16, 12),
    "IPSEC_AUTH_AND_CIPHER_TRANSFORM0": (32, 24),
    "IPSEC_SA_TRANSFORM0": (16, 8),
    "IPSEC_PROPOSAL0": (32, 24),
    "IPSEC_TRANSPORT_POLICY0": (40, 28),
    "IPSEC_TRANSPORT_POLICY1": (40, 28),
    "IPSEC_TRANSPORT_POLICY2": (40, 28),
    "IKEEXT_CERT_ROOT_CONFIG0": (24, 12),
    "IKEEXT_CERTIFICATE_CRITERIA0": (56, 28),
    "IKEEXT_CERT_EKUS0": (16, 8),
    "IKEEXT_CERT_NAME0": (16, 8),
    "IKEEXT_CERTIFICATE_AUTHENTICATION0": (56, 28),
    "IKEEXT_CERTIFICATE_AUTHENTICATION1": (72, 36),
    "IKEEXT_CERTIFICATE_AUTHENTICATION2": (72, 36),
    "IKEEXT_AUTHENTICATION_METHOD0": (64, 36),
    "IKEEXT_AUTHENTICATION_METHOD1": (80, 40),
    "IKEEXT_AUTHENTICATION_METHOD2": (80, 40),
    "IKEEXT_PROPOSAL0": (28, 28),
    "IKEEXT_POLICY0": (40, 32),
    "IKEEXT_POLICY1": (48, 36),
    "IKEEXT_POLICY2": (48, 36),
    "IKEEXT_EM_POLICY0": (24, 12),
    "IKEEXT_EM_POLICY1": (24, 12),
    "IKEEXT_EM_POLICY2": (24, 12),
}


def check_sizes(wfp: Any, pointer: int = sizeof(c_void_p)) -> None:
    """Make sure that every structure has the size that Windows expects, where pointers have so many bytes.

    Raises:
        BackendError: one has not; Windows must not be called with it.
    """
    for name, sizes in SIZES.items():
        found, wanted = sizeof(getattr(wfp, name)), sizes[0 if pointer == 8 else 1]
        if found != wanted:
            raise BackendError(
                f"the package win32more declares {name} with {found} bytes, and Windows has {wanted} on this processor",
                remedy="install the version that ndtui asks for: pip install --force-reinstall ndtui",
            )
