"""What must hold, by the numbers of the promises: each a function over the store and the clients' histories.

`after every write`: `write_checks`, over what one request changed. `at the end`: `final_checks`, once the faults are over and
two periods of the sweep have passed. `as told`: `told_checks`, over each frame on its way to somebody.
"""
