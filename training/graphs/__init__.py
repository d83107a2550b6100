"""ONNX graphs, written node by node: what the three models' exports share."""
