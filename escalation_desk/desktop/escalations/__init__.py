"""All escalations of the desk: their list, who is told by which rules, and the look for silence each minute."""
