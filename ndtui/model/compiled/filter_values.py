"""What the filters of every design have in common: their provider, actions, and the weight range of exemptions."""

from uuid import uuid5

from ndtui.model.compiled.objects import Weight
from ndtui.model.design.design import NAMESPACE
from ndtui.model.vocabulary import number_of

#: The provider of every object this program makes, whatever the design.
PROVIDER_KEY = uuid5(NAMESPACE, "provider")

PERMIT = "FWP_ACTION_PERMIT"
BLOCK = "FWP_ACTION_BLOCK"
CALLOUT = "FWP_ACTION_CALLOUT_TERMINATING"
HAS_CONTEXT = "FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"
EXEMPT = Weight("FWP_UINT8", number_of("FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS"))
