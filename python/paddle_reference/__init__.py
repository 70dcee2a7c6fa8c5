"""Prepare images as Paddle's frameworks for images do in Python: the reference for `paddle-ts verify`."""
