"""The tutorial's infer.py for one image: `infer.py MODEL IMAGE` prints `image_name: …, class_id: …, prob: …`."""

from __future__ import annotations

import sys

from predictor import make_predictor
from preprocess import preprocess

__all__: list[str] = []


def main() -> None:
    folder, path = sys.argv[1:]
    predictor = make_predictor(folder, threads=4)
    predictor.get_input_handle(predictor.get_input_names()[0]).copy_from_cpu(preprocess(path))
    predictor.run()
    scores = predictor.get_output_handle(predictor.get_output_names()[0]).copy_to_cpu().flatten()
    class_id = scores.argmax()
    print(f"image_name: {path}, class_id: {class_id}, prob: {scores[class_id]}")


if __name__ == "__main__":
    main()
