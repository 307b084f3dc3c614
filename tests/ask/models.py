"""Writes a small network for one of the programs in examples/ask: models.py KIND FILE."""

import sys


def torchvision(file):
    import torch
    from torchvision.models.segmentation import deeplabv3_resnet50

    torch.manual_seed(0)
    net = deeplabv3_resnet50(weights=None, weights_backbone=None, num_classes=21, aux_loss=True)
    torch.save(net.state_dict(), file)


def onnx(file):
    """Logits at a quarter of the size: class 15 grows with red, class 0 falls."""
    import onnx as package
    from onnx import TensorProto, helper

    weights = [[0.0] * 3 for _ in range(21)]
    weights[0][0], weights[15][0] = -1.0, 1.0
    tensor = helper.make_tensor("w", TensorProto.FLOAT, [21, 3, 1, 1], sum(weights, []))
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, "h", "w"])
    found = helper.make_tensor_value_info("z", TensorProto.FLOAT, ["n", 21, "a", "b"])
    node = helper.make_node("Conv", ["x", "w"], ["z"], strides=[4, 4])
    graph = helper.make_graph([node], "g", [given], [found], [tensor])
    package.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), file)


def litert(file):
    """Three logits, which are the values of the channels."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    def tensor(name):
        one = schema.TensorT()
        one.name, one.shape, one.type, one.buffer = name, [1, 40, 40, 3], schema.TensorType.FLOAT32, 0
        return one

    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.RELU
    operator = schema.OperatorT()
    operator.opcodeIndex, operator.inputs, operator.outputs = 0, [0], [1]
    graph = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs = [tensor("x"), tensor("z")], [0], [1]
    graph.operators = [operator]
    model = schema.ModelT()
    model.version, model.operatorCodes, model.subgraphs = 3, [code], [graph]
    model.buffers = [schema.BufferT()]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    with open(file, "wb") as out:
        out.write(builder.Output())


globals()[sys.argv[1]](sys.argv[2])
