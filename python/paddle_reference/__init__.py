"""Images prepared as PaddleClas, PaddleX and PaddleDetection do it in Python: what `paddle-ts verify` compares with."""
