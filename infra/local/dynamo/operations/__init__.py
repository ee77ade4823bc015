"""DynamoDB's operations: a request is read and checked on the caller's thread, and becomes work for the store.

What can be refused without looking at an item is refused before the writer sees it: its thread is everybody's.
"""
