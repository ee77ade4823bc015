"""One machine's stand-in of API Gateway, EventBridge, S3 and DynamoDB: it gives `app.py` the very events Lambda gets.

bootstrap   a fresh machine → environment, site → the server
server      one process, one port
gateway/    REST and websocket requests → events → Chalice → answers; `@connections`
schedules   the scheduled functions, by the rates they declare
files/      the attachments' store: presigned POST, signed links
site        the site's files with the headers CloudFront sends
dynamo/     DynamoDB's item operations on SQLite
"""
