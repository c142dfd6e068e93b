"""HTML, Markdown, words and times as pages write them."""
