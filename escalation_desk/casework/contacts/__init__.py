"""Internal points of contact: who answers for which matter, what they were asked, how they answer."""
