"""Providers that Windows comes with, by name and by GUID.

Source: https://learn.microsoft.com/windows/win32/fwp/built-in-provider-identifiers, fwpmu.h of the SDK.
"""

#: The provider of the filters that IKE and AuthIP add; files have its name, or its GUID.
IKEEXT_PROVIDER = ("FWPM_PROVIDER_IKEEXT", "{10ad9216-ccde-456c-8b16-e9f04e60a90b}")
