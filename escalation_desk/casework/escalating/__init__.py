"""Telling an authority: who must know of a case in how many minutes, what they are asked, what they decide."""
