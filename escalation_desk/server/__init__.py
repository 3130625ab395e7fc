"""The shared server: HTTP over PostgreSQL, where workstations meet. It gives the order; they keep whole copies."""
