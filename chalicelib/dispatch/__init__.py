"""Which session to which agent: where queues, presence, capacity and (once kept) shifts meet. One policy, many doorbells."""
