"""One module for each row of the page; each has `measure(quick) -> Row`."""
