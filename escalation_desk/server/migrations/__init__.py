"""How the server's tables came to be, step by step; `server init` and an upgrade walk them."""
