"""Everything on the wire: each command, event and REST body, once. The site's types and both API documents come from here.

Commands are imperative and may be refused; events are past tense and final. A message is the same object in a REST
answer and in an event.
"""
