"""Losses, gradients and training steps of small networks, computed by PyTorch in float64. Writes networks.json.

Run with Debian's python3-torch and python3-yaml: /usr/bin/python3 test/golden/networks.py
torch_network.py reads the specs; this file lists them.
"""
import json, pathlib
from torch_network import make_case

CASES = []


def case(name, spec, **how):
    CASES.append(make_case(name, spec, **how))


def net(inputs, layers, rest="loss: mse"):
    """Spec text with one input X, or with the inputs of a dictionary."""
    if isinstance(inputs, str):
        head = [f"input: [{inputs}]"]
    else:
        head = ["inputs:"] + [f"  {name}: " + (shape if shape.startswith("{") else f"[{shape}]") for name, shape in inputs.items()]
    return "\n".join(["name: net", *head, "layers:", *(f"  - {layer}" for layer in layers), rest]) + "\n"


def one(name, inputs, *layers, rest="loss: mse", **how):
    case(name, net(inputs, layers, rest), **how)


def loss(name, options, layers=("{ dense: 3 }",), **how):
    case(f"loss: {name}", net("batch, 4", layers, f"loss: {options}"), sizes={"batch": 4}, **how)


TOKENS = "{ shape: [batch, time], dtype: integer, below: 7 }"
MASK = "{ shape: [batch, time], dtype: boolean }"
LENGTHS = {"mask": [1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0]}
SCATTERED = {"mask": [0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1]}

# ---- dense networks and the systems of the list

one("dense", "batch, 3", "dense: 2")
one("dense, options in the mapping", "batch, 3", "dense: { units: 2, bias: false }")
one("dense, long form", "batch, 3", "{ layer: dense, units: 2 }")
one("dense, activation inside", "batch, 3", "dense: { units: 4, activation: tanh }", "dense: 2")
one("dense, on sequences", "batch, time, 3", "dense: 4", "relu", "dense: 2")
one("dense, named", "batch, 3", "dense: { units: 4, name: hidden }", "tanh", "{ dense: 2, name: out }")
one("XOR, 2-4-1", "batch, 2", "dense: 4", "sigmoid", "dense: 1", "sigmoid", rest="loss: mse\noptimizer: { sgd: { rate: 0.5 } }",
    sizes={"batch": 4}, data={"X": [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0], "y": [0.0, 1.0, 1.0, 0.0]}, steps=3)
one("two-layer ReLU, no bias, one epoch of three mini-batches", "batch, 4", "dense: { units: 5, bias: false }", "relu", "dense: { units: 3, bias: false }",
    rest="loss: cross-entropy\noptimizer: { sgd: { rate: 0.2 } }", sizes={"batch": 4}, steps=3, batches=3)
one("two-layer ReLU, no bias, one-hot labels", "batch, 4", "dense: { units: 5, bias: false }", "relu", "dense: { units: 3, bias: false }",
    rest="loss: { type: cross-entropy, targets: one-hot }", sizes={"batch": 4})
one("softmax regression", "batch, 4", "dense: { units: 3, bias: false }", rest="loss: cross-entropy", sizes={"batch": 4})
one("four layers, tanh", "batch, 4", "dense: 5", "tanh", "dense: 4", "tanh", "dense: 4", "tanh", "dense: 2")
one("softplus network, 1-2-1", "batch, 1", "dense: 2", "softplus", "dense: 1", rest="loss: { type: mse, reduction: sum }\noptimizer: { sgd: { rate: 0.1 } }",
    data={"X": [0.0, 0.5, 1.0], "y": [0.0, 1.0, 0.0]},
    given={"W1": [3.34, -3.53], "b1": [-1.43, 0.57], "W2": [-1.22, -2.30], "b2": [0.0]})
one("stack, ReLU, mse", "batch, 8", "dense: 6", "relu", "dense: 5", "relu", "dense: 4", rest="init: he\nloss: mse")
one("stack, ReLU, cross-entropy, sgd", "batch, 8", "dense: 6", "relu", "dense: 5", "relu", "dense: 4",
    rest="init: he\nloss: cross-entropy\noptimizer: { sgd: { rate: 0.1 } }", steps=2)
one("sequential, cross-entropy, adam", "batch, 8", "dense: 6", "relu", "dense: 4", rest="loss: cross-entropy\noptimizer: adam", steps=3)
one("multiclass SVM", "batch, 4", "dense: 3", rest="loss: multiclass-hinge\nregularization: { l2: 0.01 }", sizes={"batch": 4})

# ---- activations

for kind in ["relu", "sigmoid", "tanh", "softplus", "silu", "gelu", "mish", "elu", "leakyRelu", "leaky-relu", "logSigmoid", "abs", "exp", "sin", "cos", "atan", "erf",
             "square", "softmax", "logSoftmax", "log-softmax", "elu: 0.5", "elu: { alpha: 2 }", "leakyRelu: { slope: 0.2 }", "leaky-relu: 0.1"]:
    one(f"activation {kind}", "batch, 4", "dense: 3", kind)
one("softmax, axis 1", "batch, time, 3", "softmax: { axis: 1 }", "dense: 2")
one("logSoftmax, axis 1", "batch, time, 3", "logSoftmax: { axis: 1 }", "dense: 2")

# ---- losses

for kind in ["mse", "mae", "huber", "smooth-l1"]:
    for reduction in ["mean", "sum", "none"]:
        loss(f"{kind}, {reduction}", f"{{ type: {kind}, reduction: {reduction} }}")
loss("huber, delta", "{ type: huber, delta: 0.4 }")
loss("smooth-l1, beta", "{ type: smooth-l1, beta: 0.4 }")
for reduction in ["mean", "sum", "none"]:
    loss(f"binary-cross-entropy from logits, {reduction}", f"{{ type: binary-cross-entropy, from: logits, reduction: {reduction} }}")
    loss(f"binary-cross-entropy from probabilities, {reduction}", f"{{ type: binary-cross-entropy, from: probabilities, reduction: {reduction} }}", layers=("dense: 3", "sigmoid"))
    loss(f"cross-entropy from logits, {reduction}", f"{{ type: cross-entropy, from: logits, targets: classes, reduction: {reduction} }}")
    loss(f"cross-entropy from probabilities, {reduction}", f"{{ type: cross-entropy, from: probabilities, targets: classes, reduction: {reduction} }}", layers=("dense: 3", "softmax"))
    loss(f"cross-entropy, one-hot, {reduction}", f"{{ type: cross-entropy, targets: one-hot, reduction: {reduction} }}")
    loss(f"cross-entropy from probabilities, one-hot, {reduction}", f"{{ type: cross-entropy, targets: one-hot, reduction: {reduction} }}", layers=("dense: 3", "softmax"))
    loss(f"cross-entropy, class weights, {reduction}", f"{{ type: cross-entropy, classWeights: [0.5, 2, 1.25], reduction: {reduction} }}")
    loss(f"cross-entropy, label smoothing, {reduction}", f"{{ type: cross-entropy, labelSmoothing: 0.1, reduction: {reduction} }}")
    loss(f"nll, {reduction}", f"{{ type: nll, reduction: {reduction} }}", layers=("dense: 3", "logSoftmax"))
    loss(f"hinge, {reduction}", f"{{ type: hinge, reduction: {reduction} }}", layers=("dense: 1",))
    loss(f"multiclass-hinge, {reduction}", f"{{ type: multiclass-hinge, reduction: {reduction} }}")
    loss(f"cosine, {reduction}", f"{{ type: cosine, reduction: {reduction} }}")
for reduction in ["mean", "batch-mean", "sum", "none"]:
    loss(f"kl, {reduction}", f"{{ type: kl, reduction: {reduction} }}", layers=("dense: 3", "logSoftmax"))
SOFT = {"y": [0.5, 0.25, 0.25, 0.125, 0.75, 0.125, 0.0, 0.5, 0.5, 1.0, 0.0, 0.0]}
loss("cross-entropy after softmax, by default from probabilities", "cross-entropy", layers=("dense: 3", "softmax"))
loss("cross-entropy after log-softmax, by default from log-probabilities", "cross-entropy", layers=("dense: 3", "log-softmax"))
loss("cross-entropy, softmax as activation", "{ type: cross-entropy, from: probabilities }", layers=("dense: { units: 3, activation: softmax }",))
loss("cross-entropy, soft targets", "{ type: cross-entropy, targets: one-hot }", data=SOFT)
loss("cross-entropy, soft targets, after softmax", "{ type: cross-entropy, targets: one-hot }", data=SOFT, layers=("dense: 3", "softmax"))
loss("cross-entropy, soft targets, label smoothing", "{ type: cross-entropy, targets: one-hot, labelSmoothing: 0.2 }", data=SOFT)
loss("cross-entropy, soft targets, class weights", "{ type: cross-entropy, targets: one-hot, classWeights: [0.5, 2, 1.25] }", data=SOFT)
loss("cross-entropy, class weights and label smoothing", "{ type: cross-entropy, classWeights: [0.5, 2, 1.25], labelSmoothing: 0.1 }")
loss("cross-entropy from probabilities, class weights", "{ type: cross-entropy, classWeights: [0.5, 2, 1.25] }", layers=("dense: 3", "softmax"))
loss("nll, class weights", "{ type: nll, classWeights: [0.5, 2, 1.25] }", layers=("dense: 3", "logSoftmax"))
loss("binary-cross-entropy, soft targets", "{ type: binary-cross-entropy, from: logits }", data=SOFT)
loss("binary-cross-entropy after sigmoid, one unit", "{ type: binary-cross-entropy, from: probabilities }", layers=("dense: 1", "sigmoid"))
LARGE = {"W1": [800.0, -300.0, 5.0, -900.0, 40.0, 700.0, 3.0, 1000.0, -60.0, 0.5, 0.25, -999.0]}
for kind in ["cross-entropy", "{ type: cross-entropy, targets: one-hot }", "{ type: cross-entropy, labelSmoothing: 0.1 }", "{ type: binary-cross-entropy, from: logits }"]:
    loss(f"{kind}, large logits", kind, given=LARGE)
loss("cross-entropy after log-softmax, large logits", "cross-entropy", layers=("dense: 3", "logSoftmax"), given=LARGE)
loss("multiclass-hinge, margin", "{ type: multiclass-hinge, margin: 0.5 }")
one("loss: cross-entropy of every step of a sequence", "batch, time, 3", "dense: 4", rest="loss: cross-entropy")
one("loss: mse of a sequence", "batch, time, 3", "dense: 2")

# ---- optimisers, schedules, clipping, accumulation, penalties: three and more steps of one net


def trained(name, rest, steps=3, **how):
    one(name, "batch, 3", "dense: 4", "tanh", "dense: 2", rest="loss: mse\n" + rest, sizes={"batch": 4}, steps=steps, **how)


for entry in [
    "sgd", "sgd: { rate: 0.1 }", "sgd: { rate: 0.1, momentum: 0.9 }", "sgd: { rate: 0.1, momentum: 0.9, nesterov: true }", "sgd: { rate: 0.1, weightDecay: 0.05 }",
    "sgd: { rate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.05 }", "adam", "adam: { rate: 0.02 }", "adam: { rate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1.0e-4 }",
    "adam: { rate: 0.02, weightDecay: 0.1 }", "adamw", "adamw: { rate: 0.02 }", "adamw: { rate: 0.02, weightDecay: 0.2 }", "adamw: { rate: 0.02, weightDecay: 0 }",
    "rmsprop", "rmsprop: { rate: 0.02 }", "rmsprop: { rate: 0.02, alpha: 0.9, epsilon: 1.0e-3 }",
]:
    trained(f"optimizer {entry}", f"optimizer: {entry}" if ":" not in entry else f"optimizer: {{ {entry} }}")
for entry in [
    "exponential: { decay: 0.8 }", "step: { every: 2, factor: 0.5 }", "cosine: { steps: 6 }", "cosine: { steps: 6, minimum: 0.02 }",
    "exponential: { decay: 0.8, warmup: 3 }", "step: { every: 2, factor: 0.5, warmup: 2 }", "cosine: { steps: 3, minimum: 0.01, warmup: 1 }",
    "cosine: { steps: 4, minimum: 0.01, warmup: 2 }",
]:
    trained(f"schedule {entry}", f"optimizer: {{ sgd: {{ rate: 0.2 }} }}\nschedule: {{ {entry} }}", 6)
trained("schedule cosine with adam", "optimizer: { adam: { rate: 0.05 } }\nschedule: { cosine: { steps: 4 } }", 4)
trained("clip by norm", "optimizer: { sgd: { rate: 0.5 } }\nclip: { norm: 0.1 }")
trained("clip by norm, seldom", "optimizer: { sgd: { rate: 0.5 } }\nclip: { norm: 0.45 }", 4)
trained("clip by value", "optimizer: { sgd: { rate: 0.5 } }\nclip: { value: 0.05 }")
trained("clip by norm, momentum, decay, penalty", "optimizer: { sgd: { rate: 0.2, momentum: 0.9, weightDecay: 0.1 } }\nclip: { norm: 0.2 }\nregularization: { l2: 0.1 }")
trained("accumulate four", "optimizer: { sgd: { rate: 0.2 } }\naccumulate: 4", 2, batches=8)
trained("accumulate four, adam, clipped", "optimizer: { adam: { rate: 0.05 } }\naccumulate: 4\nclip: { norm: 0.1 }", 2, batches=8)
trained("accumulate two, penalty", "optimizer: { sgd: { rate: 0.2 } }\naccumulate: 2\nregularization: { l2: 0.05 }", 2, batches=4)
trained("penalty l2", "regularization: { l2: 0.05 }\noptimizer: { sgd: { rate: 0.2 } }")
trained("penalty l1", "regularization: { l1: 0.03 }\noptimizer: { sgd: { rate: 0.2 } }")
trained("penalties l1 and l2", "regularization: { l1: 0.03, l2: 0.05 }\noptimizer: { sgd: { rate: 0.2 } }")
one("penalties of one layer", "batch, 3", "dense: { units: 4, l2: 0.1, l1: 0.02 }", "tanh", "dense: 2")
one("penalties of one convolution", "batch, 2, 5, 5", "conv2d: { filters: 2, kernel: 3, l2: 0.1 }", "relu", "flatten", "dense: 2")
one("penalty of a convolution net", "batch, 2, 5, 5", "conv2d: { filters: 2, kernel: 3 }", "relu", "flatten", "dense: 2", rest="loss: mse\nregularization: { l2: 0.05 }")

# ---- graphs: several inputs, add, multiply, concatenate, residual, repeat, sharing

one("add, a skip", "batch, 4", "{ dense: 4, name: first }", "tanh", "{ dense: 4, name: second }", "add: [first, second]")
one("add with the input", "batch, 4", "{ dense: 4, name: first }", "add: [X, first]", "relu")
one("multiply, a gate", "batch, 4", "{ dense: { units: 3, activation: sigmoid }, name: gate, from: X }", "{ dense: 3, name: value, from: X }", "multiply: [gate, value]")
one("multiply three", "batch, 4", "{ dense: 3, name: a, from: X }", "{ dense: 3, name: b, from: X }", "{ dense: 3, name: c, from: X }", "multiply: [a, b, c]")
one("concatenate", "batch, 4", "{ dense: 3, name: a, from: X }", "{ dense: 2, name: b, from: X }", "concatenate: [a, b, X]")
one("concatenate, axis 1", "batch, 2, 4, 4", "{ conv2d: { filters: 3, kernel: 1 }, name: a, from: X }", "concatenate: { from: [a, X], axis: 1 }", "tanh", "flatten")
one("two inputs", {"A": "batch, 3", "B": "batch, 2"}, "{ dense: 4, name: a, from: A }", "{ dense: 4, name: b, from: B }", "add: [a, b]", "tanh", "{ dense: 2, name: out }")
one("a chosen output", "batch, 3", "{ dense: 3, name: a }", "{ layer: tanh, name: b }", "sin", rest="output: b\nloss: mse")
one("residual", "batch, 4", "dense: 4", "residual: [ { dense: 4 }, relu, { dense: 4 } ]", "dense: 2")
one("residual of residuals", "batch, 3", "residual: [ { dense: 3 }, { residual: [ tanh, { dense: 3 } ] } ]")
one("repeat", "batch, 4", "{ repeat: 3, layers: [ { dense: 4 }, tanh ] }", "dense: 2")
one("repeat with normalisation", "batch, 4", "{ repeat: 2, layers: [ { residual: [ layerNorm, { dense: 4 }, gelu ] } ] }", "dense: 2")
one("shared dense", "batch, 4", "{ dense: 4, name: step }", "tanh", "{ dense: 4, share: step }", "tanh", "{ dense: 2, name: out }",
    rest="loss: mse\noptimizer: { sgd: { rate: 0.1, momentum: 0.9 } }", steps=2)
one("tied autoencoder", "batch, 5", "dense: { units: 3, name: code, bias: false }", "sigmoid", "dense: { units: 5, share: code, transposed: true, bias: false }")
one("siamese, shared dense", {"A": "batch, 3", "B": "batch, 3"}, "{ dense: 4, name: a, from: A }", "{ dense: 4, share: a, name: b, from: B }", "multiply: [a, b]",
    "{ dense: 1, name: out }", rest="loss: { type: binary-cross-entropy, from: logits }")
one("tied embedding", {"X": TOKENS}, "embedding: { rows: 7, width: 3, name: token }", "tanh", "dense: { units: 7, share: token, transposed: true, bias: false }", rest="loss: cross-entropy")

# ---- embedding, normalisation

one("embedding", {"X": TOKENS}, "embedding: { rows: 7, width: 3 }", "dense: 2")
one("embedding, flattened", {"X": "{ shape: [batch, 3], dtype: integer, below: 5 }"}, "embedding: { rows: 5, width: 2 }", "flatten", "dense: 2")
one("layerNorm", "batch, 5", "dense: 4", "layerNorm", "tanh", "dense: 2")
one("layer-norm, sequence, epsilon", "batch, time, 4", "layer-norm: { epsilon: 0.1 }", "dense: 2")
one("layerNorm, not affine", "batch, 5", "dense: 4", "layerNorm: { affine: false }", "dense: 2")
one("rmsNorm", "batch, 5", "dense: 4", "rmsNorm", "dense: 2")
one("rmsNorm, sequence, epsilon", "batch, time, 4", "rmsNorm: { epsilon: 0.01 }")
one("two normalisations", "batch, 4", "layerNorm", "dense: 4", "rmsNorm", "dense: 4", "layerNorm")
one("groupNorm, images", "batch, 4, 3, 3", "groupNorm: { groups: 2 }", "tanh")
one("groupNorm, short form", "batch, 6", "groupNorm: 3", "dense: 2")
one("groupNorm, not affine", "batch, 4, 3, 3", "groupNorm: { groups: 4, affine: false, epsilon: 0.01 }", "flatten", "dense: 2")
one("batchNorm", "batch, 3", "dense: 4", "batchNorm", "relu", "dense: 2", sizes={"batch": 4}, rest="loss: mse\noptimizer: { sgd: { rate: 0.1 } }", steps=2)
one("batchNorm, images, momentum", "batch, 2, 3, 3", "batchNorm: { momentum: 0.3, epsilon: 0.01 }", "relu", "flatten", "dense: 2")
one("batchNorm, sequences of channels", "batch, 3, time", "batchNorm", "tanh")
one("batchNorm, not affine", "batch, 3", "dense: 4", "batchNorm: { affine: false }", "dense: 2", sizes={"batch": 4})

# ---- convolutions, pooling, shapes

for name, kind in {
    "plain": "{ filters: 3, kernel: 3 }", "stride": "{ filters: 2, kernel: 3, stride: 2 }", "padding": "{ filters: 2, kernel: 3, padding: 1 }",
    "same": "{ filters: 2, kernel: 3, padding: same }", "valid": "{ filters: 2, kernel: 3, padding: valid }", "dilation": "{ filters: 2, kernel: 3, dilation: 2 }",
    "same, dilation": "{ filters: 2, kernel: 3, padding: same, dilation: 2 }", "groups": "{ filters: 4, kernel: 3, groups: 2 }", "no bias": "{ filters: 2, kernel: 2, bias: false }",
    "stride, padding, dilation, groups": "{ filters: 4, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 2 }",
    "by axis": "{ filters: 2, kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2] }", "one by one": "{ filters: 3, kernel: 1 }",
    "padding wider than the image's rest": "{ filters: 2, kernel: 5, stride: 3, padding: 4 }", "activation": "{ filters: 2, kernel: 3, activation: relu }",
}.items():
    one(f"conv2d, {name}", "batch, 2, 6, 6", f"conv2d: {kind}", sizes={"batch": 2})
one("conv2d, image not square", "batch, 2, 5, 7", "conv2d: { filters: 2, kernel: 3, stride: 2 }", sizes={"batch": 2})
one("conv2d, twice", "batch, 1, 6, 6", "conv2d: { filters: 2, kernel: 3 }", "tanh", "conv2d: { filters: 2, kernel: 2 }", sizes={"batch": 2})
one("depthwiseConv2d", "batch, 3, 5, 5", "depthwiseConv2d: { kernel: 3 }", sizes={"batch": 2})
one("depthwiseConv2d, multiplier, stride", "batch, 2, 6, 6", "depthwiseConv2d: { kernel: 3, multiplier: 2, stride: 2, padding: 1, bias: false }", sizes={"batch": 2})
one("depthwise separable", "batch, 2, 5, 5", "depthwiseConv2d: { kernel: 3, padding: same }", "conv2d: { filters: 3, kernel: 1 }", "relu", sizes={"batch": 2})
for name, kind in {
    "plain": "{ filters: 3, kernel: 3 }", "stride": "{ filters: 2, kernel: 2, stride: 2 }", "stride, padding, dilation": "{ filters: 2, kernel: 3, stride: 2, padding: 1, dilation: 2 }",
    "same": "{ filters: 2, kernel: 3, padding: same }", "groups": "{ filters: 4, kernel: 3, groups: 2, bias: false }", "causal by padding": "{ filters: 2, kernel: 3, padding: 2 }",
}.items():
    one(f"conv1d, {name}", "batch, 2, 7", f"conv1d: {kind}")
one("conv1d, length unknown", "batch, 2, time", "conv1d: { filters: 3, kernel: 3, padding: 1 }", "relu", sizes={"time": 5})
for name, kind in {
    "plain": "{ filters: 3, kernel: 3 }", "stride": "{ filters: 2, kernel: 2, stride: 2 }", "stride, padding": "{ filters: 2, kernel: 3, stride: 2, padding: 1 }",
    "outputPadding": "{ filters: 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1 }", "dilation": "{ filters: 2, kernel: 3, dilation: 2 }",
    "groups": "{ filters: 4, kernel: 3, groups: 2 }", "no bias": "{ filters: 2, kernel: 3, bias: false }",
    "everything": "{ filters: 4, kernel: [3, 2], stride: [2, 3], padding: [1, 0], outputPadding: [1, 2], dilation: [2, 1], groups: 2 }",
}.items():
    one(f"convTranspose2d, {name}", "batch, 2, 3, 3", f"convTranspose2d: {kind}", sizes={"batch": 2})
for pool in ["maxPool", "averagePool"]:
    for name, kind in {
        "short form": "2", "overlapping": "{ size: 3, stride: 1 }", "padding": "{ size: 3, stride: 2, padding: 1 }", "rest cut off": "{ size: 4, stride: 3 }",
        "by axis": "{ size: [2, 3], stride: [1, 2], padding: [1, 0] }",
    }.items():
        one(f"{pool}, {name}", "batch, 2, 6, 6", f"{pool}: {kind}", "sin", sizes={"batch": 2})
    one(f"{pool}, default", "batch, 1, 6, 6", pool, "flatten", "dense: 2")
    one(f"{pool}, 1d", "batch, 2, 7", f"{pool}: 2", "sin")
    one(f"{pool}, 1d, padding", "batch, 2, 7", f"{pool}: {{ size: 3, stride: 2, padding: 1 }}", "sin")
one("averagePool, padding not counted", "batch, 2, 6, 6", "averagePool: { size: 3, stride: 2, padding: 1, countPadding: false }", "sin", sizes={"batch": 2})
one("averagePool, 1d, padding not counted", "batch, 2, 7", "averagePool: { size: 3, stride: 2, padding: 1, countPadding: false }", "sin")
one("maxPool, ties", "batch, 1, 4, 4", "maxPool: { size: 3, stride: 1 }", data={"X": [1.0, 2.0, 2.0, 1.0, 2.0, 2.0, 0.5, 2.0, 1.0, 2.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5]}, sizes={"batch": 1})
one("globalAveragePool", "batch, 3, 4, 4", "tanh", "globalAveragePool", "dense: 2")
one("globalMaxPool", "batch, 3, 4, 4", "tanh", "globalMaxPool", "dense: 2")
one("globalAveragePool, 1d", "batch, 3, time", "tanh", "globalAveragePool", "dense: 2")
one("globalMaxPool, 1d", "batch, 3, time", "tanh", "globalMaxPool", "dense: 2")
one("flatten", "batch, 2, 3", "flatten", "dense: 2")
one("reshape", "batch, 6", "reshape: { shape: [2, 3] }", "dense: 2")
one("reshape, short form", "batch, 6", "reshape: [3, 2]", "dense: 2", "flatten")
one("transpose", "batch, time, 3", "transpose: { perm: [0, 2, 1] }", "tanh")
one("permute", "batch, 2, 3, 4", "permute: { perm: [0, 2, 3, 1] }", "dense: 2")
one("convolution net", "batch, 1, 6, 6", "conv2d: { filters: 2, kernel: 3, padding: same }", "relu", "maxPool: 2", "conv2d: { filters: 3, kernel: 2 }", "relu", "flatten", "dense: 3",
    rest="loss: cross-entropy\noptimizer: { sgd: { rate: 0.1 } }", steps=2)
one("residual convolution net with batchNorm", "batch, 2, 6, 6", "conv2d: { filters: 3, kernel: 3, padding: same, bias: false }", "batchNorm", "relu",
    "residual: [ { conv2d: { filters: 3, kernel: 3, padding: same, bias: false } }, batchNorm, relu, { conv2d: { filters: 3, kernel: 3, padding: same, bias: false } }, batchNorm ]",
    "relu", "globalAveragePool", "dense: 4", rest="loss: cross-entropy\noptimizer: { sgd: { rate: 0.1, momentum: 0.9, weightDecay: 0.001 } }", steps=2)
one("convolution autoencoder", "batch, 1, 6, 6", "conv2d: { filters: 2, kernel: 2, stride: 2 }", "tanh", "convTranspose2d: { filters: 1, kernel: 2, stride: 2 }", sizes={"batch": 2})

# ---- recurrences

for kind in ["rnn", "lstm", "gru"]:
    one(f"{kind}, last", "batch, time, 3", f"{kind}: 4", "dense: 2")
    one(f"{kind}, all", "batch, time, 3", f"{kind}: {{ units: 3, return: all }}")
    one(f"{kind}, no bias", "batch, time, 2", f"{kind}: {{ units: 3, bias: false }}")
    one(f"{kind}, two layers", "batch, time, 2", f"{kind}: {{ units: 3, return: all }}", f"{kind}: {{ units: 2, return: last }}")
    one(f"{kind}, one time step", "batch, 1, 3", f"{kind}: {{ units: 2, return: all }}")
one("rnn, relu", "batch, time, 3", "rnn: { units: 4, activation: relu, return: all }")
one("lstm classifier", {"X": TOKENS}, "embedding: { rows: 7, width: 3 }", "lstm: 4", "dense: 3", rest="loss: cross-entropy\noptimizer: { adam: { rate: 0.01 } }\nclip: { norm: 0.5 }", steps=2)
one("gru language model", {"X": TOKENS}, "embedding: { rows: 7, width: 3 }", "gru: { units: 4, return: all }", "dense: 7", rest="loss: cross-entropy")

# ---- attention

one("attention, one head", "batch, time, 4", "attention: 1")
one("attention, two heads", "batch, time, 4", "attention: { heads: 2 }")
one("attention, causal", "batch, time, 4", "attention: { heads: 2, causal: true }")
one("attention, no bias", "batch, time, 4", "attention: { heads: 2, bias: false }")
MASKED = {"X": "batch, time, 4", "mask": MASK}
one("attention, key-padding mask", MASKED, "attention: { heads: 2, mask: mask }", data=LENGTHS)
one("attention, scattered mask", MASKED, "attention: { heads: 2, mask: mask }", data=SCATTERED)
one("attention, causal and masked", MASKED, "attention: { heads: 2, causal: true, mask: mask }", data=LENGTHS)
one("attention, twice", "batch, time, 4", "residual: [ { attention: 2 } ]", "residual: [ { attention: 2 } ]", "dense: 2")
QKV = ["{ dense: 3, name: q, from: X }", "{ dense: 3, name: k, from: X }", "{ dense: 2, name: v, from: X }"]
one("scaledDotProductAttention", "batch, time, 3", *QKV, "{ scaledDotProductAttention: {}, from: [q, k, v] }")
one("scaledDotProductAttention, causal", "batch, time, 3", *QKV, "{ scaledDotProductAttention: { causal: true }, from: [q, k, v] }")
one("scaledDotProductAttention, masked", {"X": "batch, time, 3", "mask": MASK}, *QKV, "{ scaledDotProductAttention: { mask: mask }, from: [q, k, v] }", data=LENGTHS)
one("scaledDotProductAttention, of inputs", {"Q": "batch, 2, 3", "K": "batch, time, 3", "V": "batch, time, 2"}, "{ scaledDotProductAttention: {}, from: [Q, K, V] }", "dense: 2")
one("transformerBlock, pre", "batch, time, 4", "transformerBlock: 2")
one("transformerBlock, post", "batch, time, 4", "transformerBlock: { heads: 2, hidden: 6, norm: post }")
one("transformerBlock, relu, causal", "batch, time, 4", "transformerBlock: { heads: 2, hidden: 5, activation: relu, causal: true, norm: pre }")
one("transformerBlock, masked", MASKED, "transformerBlock: { heads: 2, hidden: 5, mask: mask }", data=LENGTHS)
one("positionalEncoding", "batch, time, 4", "positionalEncoding", "dense: 2")
one("positionalEmbedding", "batch, time, 4", "positionalEmbedding: { rows: 6 }", "dense: 2")
one("transformer language model", {"X": TOKENS}, "embedding: { rows: 7, width: 4, name: token }", "positionalEmbedding: { rows: 5 }",
    "{ repeat: 2, layers: [ { transformerBlock: { heads: 2, hidden: 6, causal: true } } ] }", "layerNorm", "dense: { units: 7, share: token, transposed: true, bias: false }",
    rest="loss: cross-entropy\noptimizer: { adamw: { rate: 0.01 } }\nclip: { norm: 1 }", sizes={"batch": 2}, steps=2)
one("transformer classifier", {"X": TOKENS, "mask": MASK}, "embedding: { rows: 7, width: 4 }", "positionalEncoding", "transformerBlock: { heads: 2, hidden: 6, mask: mask, norm: post }",
    "transpose: { perm: [0, 2, 1] }", "globalAveragePool", "dense: 3", rest="loss: cross-entropy", data=LENGTHS)

text = "[\n" + ",\n".join("  " + json.dumps(entry) for entry in CASES) + "\n]\n"
pathlib.Path(__file__).with_name("networks.json").write_text(text)
