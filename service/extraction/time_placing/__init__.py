"""From what a time expression says, and the publication of its article, to an interval on the calendar."""
