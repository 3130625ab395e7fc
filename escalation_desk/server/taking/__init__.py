"""Takes what workstations send: each mutation once, judged on the records as they stand now, then numbered."""
