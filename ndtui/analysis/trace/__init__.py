"""Trace: the way of one packet through the filters of a policy."""

from ndtui.analysis.trace.tracer import Matching, Step, SublayerStep, Trace, Tracer, Unmet, trace, tracer_of

__all__ = ["Matching", "Step", "SublayerStep", "Trace", "Tracer", "Unmet", "trace", "tracer_of"]
