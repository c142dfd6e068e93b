"""docs/reference/ and schemas/cli/, written from the code."""
