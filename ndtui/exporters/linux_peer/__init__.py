"""The other side of a design: the configuration of a Linux peer that negotiates with a Windows host under it.

These are no export formats: what they write is not the design, but what its peer has to say to meet it.
"""
