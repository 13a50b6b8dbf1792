"""What a flow is: the document, its edits, its text, and the example flows."""
