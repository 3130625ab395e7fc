"""Requests to points of contact on the page of a case: asked, chased, answered, corrected and passed on."""
