"""Pictures without what they tell of their makers: each format rebuilt from the parts that draw it, and nothing else kept.

A decoder would do it too, at 3 MB of zip and seconds of a function's start (Pillow), and would lose quality on the way.
"""
