#!/usr/bin/env python3
"""Writes the classic model for Sotto's importer and for the peers into FOLDER; models/make.mjs calls it.

SHAPE is the object in classic.mjs, as JSON.

What a peer's files need and this Python lacks is said, and that peer is left without files.
"""

import argparse
import importlib.util
import json
import logging
import sys
from pathlib import Path


def missing(packages):
    return [package for package in packages if importlib.util.find_spec(package) is None]


def write_for(peer, packages, write):
    if absent := missing(packages):
        lacking = " and no ".join(absent)
        print(f"{peer}: no files, this Python has no {lacking} (pip install {' '.join(absent)})", flush=True)
        return
    print(f"{peer}: writing files", flush=True)
    write()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("shape", metavar="SHAPE", type=json.loads)
    arguments = parser.parse_args()
    folder, shape = arguments.folder, arguments.shape
    logging.disable(logging.WARNING)  # the converters' advice on models of other kinds
    if absent := missing(["numpy", "safetensors"]):
        sys.exit(f"this Python has no {' and no '.join(absent)}: pip install {' '.join(absent)}")

    from safetensors.numpy import save_file

    from weights import pytorch_state_dict, random_weights

    weights = random_weights(shape)
    save_file(weights, folder / "weights.safetensors")
    save_file(pytorch_state_dict(weights, shape["layers"]), folder / "state_dict.safetensors")

    def onnx_files():
        from onnx_graphs import write_onnx_files

        write_onnx_files(weights, shape, folder)

    def tflite_files():
        from tflite_graphs import write_tflite_files

        write_tflite_files(weights, shape, folder)

    write_for("onnxruntime-web", ["onnx", "onnxruntime"], onnx_files)
    write_for("LiteRT.js", ["tensorflow"], tflite_files)


if __name__ == "__main__":
    main()
