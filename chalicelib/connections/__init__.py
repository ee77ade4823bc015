"""Who has which sockets open, by lease: heartbeats renew it, `$disconnect` is only a hint."""
