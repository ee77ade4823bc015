"""All that stands around the functions: the cloud's template, one machine's stand-in, the site, the admin's scripts."""
