"""One module for each part of the HTTP interface; a route takes typed input, calls one function and gives its shape."""
