"""Between the web server and Django: what happens to a request before a page sees it. Knows no page and no room."""
