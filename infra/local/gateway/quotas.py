"""The quotas of API Gateway and Lambda that this machine keeps too."""

FRAME_LIMIT = 32 * 1024
MESSAGE_LIMIT = 128 * 1024
# What a function may be called with, and what it may answer.
PAYLOAD_LIMIT = 6 * 1024 * 1024
FUNCTION_TIMEOUT_S = 29.0
SOCKET_IDLE_S = 600.0
SOCKET_LIFE_S = 7200.0
