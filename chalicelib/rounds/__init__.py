"""The scheduled functions: each calls the rooms below. Safe twice, late and overlapping: they only make true what should be."""
