"""Points of contact in the window: requests on the page of a case, and the place with teams, rules and figures."""
