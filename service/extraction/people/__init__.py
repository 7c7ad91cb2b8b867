"""Who the actors are: their names, kinds and the bodies that they belong to."""
