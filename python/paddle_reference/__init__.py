"""Prepare images as PaddleClas, PaddleX and PaddleDetection do in Python: the reference for `paddle-ts verify`."""
