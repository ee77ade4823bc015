"""DynamoDB's expressions: read once into a small tree, kept by their text, evaluated over many items.

Source: Developer Guide, "Using expressions in DynamoDB".
"""
