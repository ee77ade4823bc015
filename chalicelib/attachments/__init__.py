"""Files that travel with messages: presigned uploads, what may come in, looking at the bytes, links that die soon, sweeping."""
