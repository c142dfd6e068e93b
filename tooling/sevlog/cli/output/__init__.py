"""What commands print: tables and texts for people, reports for CI."""
