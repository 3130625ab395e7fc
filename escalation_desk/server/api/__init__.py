"""The server as workstations meet it: addresses, bodies and their limits, answers."""
