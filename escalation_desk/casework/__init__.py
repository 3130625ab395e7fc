"""What a case, a seller, a promise is and what may be done with it. Pure: no Qt, no engine, no file, no clock."""
