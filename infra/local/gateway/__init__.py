"""API Gateway on one machine: requests and frames become the events Lambda gets, and answers become bytes again.

What it can't show: IAM, throttles, usage plans, caching, a function's own cold start and concurrency limits.
"""
