"""The attachments' store on one machine: S3's presigned POST and signed links, from a folder."""
