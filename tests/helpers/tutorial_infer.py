"""The tutorial's infer.py for one image, with Pillow and paddle.inference only: prints `image_name: …, class_id: …, prob: …`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from paddle import inference
from PIL import Image

__all__ = ["main"]


def preprocess(path: str) -> NDArray[np.float32]:
    image = Image.open(path).convert("RGB")
    width, height = image.size
    short, long = (width, height) if width <= height else (height, width)
    new_long = int(256 * long / short)
    image = image.resize((256, new_long) if width <= height else (new_long, 256), Image.Resampling.BILINEAR)
    pixels = np.array(image)
    top, left = (pixels.shape[0] - 224) // 2, (pixels.shape[1] - 224) // 2
    pixels = pixels[top : top + 224, left : left + 224]
    mean = np.array([0.485, 0.456, 0.406], dtype="float32")
    std = np.array([0.229, 0.224, 0.225], dtype="float32")
    normalised: NDArray[np.float32] = (pixels * np.float32(1 / 255) - mean) / std
    batch: NDArray[np.float32] = np.ascontiguousarray(normalised.transpose((2, 0, 1))[None])
    return batch


def main() -> None:
    folder, path = Path(sys.argv[1]), sys.argv[2]
    config = inference.Config(str(folder / "inference.pdmodel"), str(folder / "inference.pdiparams"))
    config.disable_gpu()
    config.enable_memory_optim()
    config.disable_glog_info()
    predictor = inference.create_predictor(config)
    predictor.get_input_handle(predictor.get_input_names()[0]).copy_from_cpu(preprocess(path))
    predictor.run()
    scores = predictor.get_output_handle(predictor.get_output_names()[0]).copy_to_cpu().flatten()
    class_id = scores.argmax()
    print(f"image_name: {path}, class_id: {class_id}, prob: {scores[class_id]}")


if __name__ == "__main__":
    main()
