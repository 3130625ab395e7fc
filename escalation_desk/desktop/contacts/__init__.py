"""The place of points of contact: requests by view, who there is, by which rules, and how they answer."""
