"""Clock, ids, errors, paging, settings, log and table: no room's business, everybody's tools."""
