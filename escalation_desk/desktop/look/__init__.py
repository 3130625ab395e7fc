"""How the window looks: colours, lettering, icons and the one theme that holds them."""
