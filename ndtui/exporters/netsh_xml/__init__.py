"""netsh XML: what ``netsh wfp show state`` or ``show filters`` would print of a compiled design."""
