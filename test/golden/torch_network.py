"""A second reading of network specs: a small interpreter that maps each layer, loss and optimiser to PyTorch's own, in float64.

`make_case` runs one spec and returns what networks.py writes. Data and parameters are a formula rounded to three decimals,
so that the JSON stays short and exact. What PyTorch 1.13 lacks is written out: rmsNorm, hinges, sinusoids, penalties, warm-up.
"""
import math, zlib
from collections import Counter
import torch, yaml
from torch import nn, optim
from torch.nn import functional as F
from torch.nn.utils.stateless import functional_call

torch.set_default_dtype(torch.float64)


# ---- numbers


def number(i, phase):
    value = round(math.sin(0.37 * i * i + 1.3 * i + phase), 3)
    return value if value != 0 else 0.001


def reals(name, shape, scale=1.0, middle=0.0):
    phase = zlib.crc32(name.encode()) % 628 / 100
    flat = [round(middle + scale * number(i, phase), 3) for i in range(math.prod(shape))]
    return torch.tensor(flat).reshape(shape)


def integers(name, shape, below):
    start = zlib.crc32(name.encode()) % 97
    return torch.tensor([(7 * i * i + 3 * i + start) % 101 % below for i in range(math.prod(shape))]).reshape(shape)


def pair(value, count=2):
    return list(value) if isinstance(value, list) else [value] * count


# ---- a network: layers in order; parameters are made when a layer first asks for them

MAIN = {
    "dense": "units", "conv1d": "filters", "conv2d": "filters", "convTranspose2d": "filters", "depthwiseConv2d": "kernel", "maxPool": "size", "averagePool": "size",
    "reshape": "shape", "transpose": "perm", "permute": "perm", "rnn": "units", "lstm": "units", "gru": "units", "attention": "heads", "transformerBlock": "heads",
    "groupNorm": "groups", "positionalEmbedding": "rows", "softmax": "axis", "logSoftmax": "axis", "elu": "alpha", "leakyRelu": "slope", "add": "from",
    "multiply": "from", "concatenate": "from", "layerNorm": "epsilon", "rmsNorm": "epsilon", "batchNorm": "epsilon", "embedding": "rows",
}


def camel(name):
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


def read_layer(entry):
    """A layer's kind and options from any of its short and long forms."""
    if isinstance(entry, str):
        return camel(entry), {}
    entry = dict(entry)
    if "layer" in entry:
        return camel(entry.pop("layer")), entry
    key = next(key for key in entry if key not in ("name", "from", "share", "transposed"))
    kind, value = camel(key), entry.pop(key)
    if kind in ("repeat", "residual"):
        return kind, {"main": value, **entry}
    return kind, {**(value if isinstance(value, dict) else {} if value is None else {MAIN[kind]: value}), **entry}


class Net:
    def __init__(self, spec, given):
        self.spec, self.parameters, self.given, self.state = spec, {}, given, {}

    def run(self, data, training=True):
        self.counts, self.values, self.shared, self.penalties, self.training, self.last = Counter(), dict(data), {}, [], training, None
        inputs = self.spec.get("inputs", {"X": self.spec.get("input")})
        out = self.layers(self.spec["layers"], data[next(iter(inputs))])
        return self.values[self.spec["output"]] if "output" in self.spec else out

    def layers(self, entries, x):
        for entry in entries:
            kind, options = read_layer(entry)
            x = self.layer(kind, options, x)
            if "name" in options:
                self.values[options["name"]] = x
            self.last = kind
        return x

    def layer(self, kind, options, x):
        if kind == "residual":
            return x + self.layers(options["main"], x)
        if kind == "repeat":
            for _ in range(options["main"]):
                x = self.layers(options["layers"], x)
            return x
        source = options.get("from")
        if source is not None:
            x = [self.values[name] for name in source] if isinstance(source, list) else self.values[source]
        x = LAYERS[kind](self, x, options)
        return activate(options["activation"], x) if "activation" in options and kind != "transformerBlock" and kind != "rnn" else x

    def names(self, group, options):
        """The naming of one layer's parameters: numbered in its group, or after the layer's own name."""
        if "name" in options:
            return lambda stem: options["name"] + stem[0].upper() + stem[1:]
        self.counts[group] += 1
        count = self.counts[group]
        return lambda stem: f"{stem}{count}"

    def parameter(self, name, shape, scale=0.6, middle=0.0):
        if name not in self.parameters:
            values = torch.tensor(self.given[name]).reshape(shape) if name in self.given else reals(name, shape, scale, middle)
            self.parameters[name] = values.requires_grad_()
        return self.parameters[name]

    def bias(self, name, size, options):
        return self.parameter(name, [size], 0.3) if options.get("bias", True) else None

    def running(self, name, size, value):
        if name not in self.state:
            self.state[name] = torch.full([size], value)
        return self.state[name]

    def penalise(self, weights, options):
        general = self.spec.get("regularization", {})
        self.penalties.append(options.get("l2", general.get("l2", 0)) * (weights**2).sum() + options.get("l1", general.get("l1", 0)) * weights.abs().sum())


def activate(entry, x):
    kind, options = read_layer(entry)
    return LAYERS[kind](None, x, options)


def dense(net, x, options):
    if "share" in options:
        weights, bias = net.shared[options["share"]]
        return F.linear(x, weights, None) if options.get("transposed") else F.linear(x, weights.T, bias)
    name, units = net.names("dense", options), options["units"]
    weights, bias = net.parameter(name("W"), [x.shape[-1], units]), net.bias(name("b"), units, options)
    net.penalise(weights, options)
    net.shared[options.get("name")] = weights, bias
    return F.linear(x, weights.T, bias)


def embedding(net, x, options):
    table = net.parameter(net.names("embedding", options)("E"), [options["rows"], options["width"]])
    net.shared[options.get("name")] = table, None
    return F.embedding(x, table)


def affine(net, name, size, options):
    if not options.get("affine", True):
        return None, None
    return net.parameter(name("gamma"), [size], 0.3, 1.0), net.parameter(name("beta"), [size], 0.3)


def layer_norm(net, x, options):
    gamma, beta = affine(net, net.names("norm", options), x.shape[-1], options)
    return F.layer_norm(x, [x.shape[-1]], gamma, beta, options.get("epsilon", 1e-5))


def rms_norm(net, x, options):
    gamma = net.parameter(net.names("norm", options)("gamma"), [x.shape[-1]], 0.3, 1.0)
    return x / (x**2).mean(-1, keepdim=True).add(options.get("epsilon", 1e-6)).sqrt() * gamma


def group_norm(net, x, options):
    gamma, beta = affine(net, net.names("norm", options), x.shape[1], options)
    return F.group_norm(x, options["groups"], gamma, beta, options.get("epsilon", 1e-5))


def batch_norm(net, x, options):
    name = net.names("norm", options)
    gamma, beta = affine(net, name, x.shape[1], options)
    mean, variance = net.running(name("mean"), x.shape[1], 0.0), net.running(name("variance"), x.shape[1], 1.0)
    return F.batch_norm(x, mean, variance, gamma, beta, net.training, options.get("momentum", 0.1), options.get("epsilon", 1e-5))


def convolution(rank, function):
    def layer(net, x, options):
        name, groups, kernel = net.names("conv", options), options.get("groups", 1), pair(options["kernel"], rank)
        weights = net.parameter(name("K"), [options["filters"], x.shape[1] // groups, *kernel])
        net.penalise(weights, options)
        bias = net.bias(name("c"), options["filters"], options)
        return function(x, weights, bias, options.get("stride", 1), options.get("padding", 0), options.get("dilation", 1), groups)

    return layer


def depthwise(net, x, options):
    channels = x.shape[1]
    return LAYERS["conv2d"](net, x, {**options, "groups": channels, "filters": channels * options.get("multiplier", 1)})


def conv_transpose(net, x, options):
    name, groups = net.names("conv", options), options.get("groups", 1)
    weights = net.parameter(name("K"), [x.shape[1], options["filters"] // groups, *pair(options["kernel"])])
    bias = net.bias(name("c"), options["filters"], options)
    return F.conv_transpose2d(x, weights, bias, options.get("stride", 1), options.get("padding", 0), options.get("outputPadding", 0), groups, options.get("dilation", 1))


def max_pool(net, x, options):
    size = options.get("size", 2)
    return (F.max_pool1d if x.dim() == 3 else F.max_pool2d)(x, size, options.get("stride", size), options.get("padding", 0))


def average_pool(net, x, options):
    size = options.get("size", 2)
    function = F.avg_pool1d if x.dim() == 3 else F.avg_pool2d
    return function(x, size, options.get("stride", size), options.get("padding", 0), count_include_pad=options.get("countPadding", True))


def recurrent(gates, kind):
    def layer(net, x, options):
        name, units = net.names("recurrent", options), options["units"]
        weights = [net.parameter(name("Wx"), [x.shape[-1], gates * units]).T, net.parameter(name("Wh"), [units, gates * units]).T]
        if options.get("bias", True):
            weights += [net.parameter(name("bx"), [gates * units], 0.3), net.parameter(name("bh"), [gates * units], 0.3)]
        bias, zero = len(weights) == 4, torch.zeros(1, x.shape[0], units)
        function = getattr(torch._VF, kind if kind != "rnn" else "rnn_" + options.get("activation", "tanh"))  # what nn.LSTM and its kin call
        out = function(x, (zero, zero) if kind == "lstm" else zero, weights, bias, 1, 0.0, True, False, True)[0]
        return out if options.get("return", "last") == "all" else out[:, -1]

    return layer


def masks(net, options, length):
    causal = torch.ones(length, length, dtype=torch.bool).triu(1) if options.get("causal") else None
    return causal, net.values[options["mask"]] == 0 if "mask" in options else None


def attention_weights(net, options, width):
    name, parts = net.names("attention", options), ["q", "k", "v", "o"]
    weights = [net.parameter(name("W" + part), [width, width]).T for part in parts]
    biases = [net.parameter(name("b" + part), [width], 0.3) for part in parts] if options.get("bias", True) else None
    return torch.cat(weights[:3]), biases and torch.cat(biases[:3]), weights[3], biases and biases[3]


def attention(net, x, options):
    width = x.shape[-1]
    weights, bias, out_weights, out_bias = attention_weights(net, options, width)
    causal, padding = masks(net, options, x.shape[1])
    x = x.transpose(0, 1)
    out, _ = F.multi_head_attention_forward(
        x, x, x, width, options["heads"], weights, bias, None, None, False, 0.0, out_weights, out_bias,
        training=True, key_padding_mask=padding, need_weights=False, attn_mask=causal,
    )
    return out.transpose(0, 1)


def scaled_dot_product_attention(net, x, options):
    query, key, value = x
    causal, padding = masks(net, options, key.shape[1])
    hidden = torch.zeros(query.shape[0], query.shape[1], key.shape[1], dtype=torch.bool)
    hidden = hidden if causal is None else hidden | causal
    hidden = hidden if padding is None else hidden | padding[:, None, :]
    return F._scaled_dot_product_attention(query, key, value, torch.zeros(hidden.shape).masked_fill(hidden, -math.inf))[0]


def transformer_block(net, x, options):
    width, hidden = x.shape[-1], options.get("hidden", 4 * x.shape[-1])
    first = options.get("norm", "pre") == "pre"
    weights, bias, out_weights, out_bias = attention_weights(net, {}, width)
    norms = [affine(net, net.names("norm", {}), width, {}) for _ in range(2)]
    up, down = net.names("dense", {}), net.names("dense", {})
    block = nn.TransformerEncoderLayer(width, options["heads"], hidden, 0.0, getattr(F, options.get("activation", "gelu")), batch_first=True, norm_first=first)
    values = {
        "self_attn.in_proj_weight": weights, "self_attn.in_proj_bias": bias, "self_attn.out_proj.weight": out_weights, "self_attn.out_proj.bias": out_bias,
        "norm1.weight": norms[0][0], "norm1.bias": norms[0][1], "norm2.weight": norms[1][0], "norm2.bias": norms[1][1],
        "linear1.weight": net.parameter(up("W"), [width, hidden]).T, "linear1.bias": net.parameter(up("b"), [hidden], 0.3),
        "linear2.weight": net.parameter(down("W"), [hidden, width]).T, "linear2.bias": net.parameter(down("b"), [width], 0.3),
    }
    return functional_call(block, values, (x, *masks(net, options, x.shape[1])))


def positional_encoding(net, x, options):
    length, width = x.shape[1:]
    angles = [[p / 10000 ** (2 * (i // 2) / width) for i in range(width)] for p in range(length)]
    return x + torch.tensor([[math.cos(a) if i % 2 else math.sin(a) for i, a in enumerate(row)] for row in angles])


def positional_embedding(net, x, options):
    table = net.parameter(net.names("positional", options)("P"), [options["rows"], x.shape[-1]])
    return x + F.embedding(torch.arange(x.shape[1]), table)


def plain(function):
    return lambda net, x, options: function(x)


LAYERS = {
    "dense": dense, "embedding": embedding, "layerNorm": layer_norm, "rmsNorm": rms_norm, "groupNorm": group_norm, "batchNorm": batch_norm,
    "conv1d": convolution(1, F.conv1d), "conv2d": convolution(2, F.conv2d), "depthwiseConv2d": depthwise, "convTranspose2d": conv_transpose,
    "maxPool": max_pool, "averagePool": average_pool,
    "globalAveragePool": plain(lambda x: x.flatten(2).mean(2)), "globalMaxPool": plain(lambda x: F.adaptive_max_pool1d(x.flatten(2), 1)[..., 0]),
    "flatten": plain(lambda x: x.flatten(1)), "reshape": lambda net, x, o: x.reshape(x.shape[0], *o["shape"]),
    "transpose": lambda net, x, o: x.permute(o["perm"]), "permute": lambda net, x, o: x.permute(o["perm"]),
    "rnn": recurrent(1, "rnn"), "lstm": recurrent(4, "lstm"), "gru": recurrent(3, "gru"),
    "attention": attention, "scaledDotProductAttention": scaled_dot_product_attention, "transformerBlock": transformer_block,
    "positionalEncoding": positional_encoding, "positionalEmbedding": positional_embedding,
    "add": plain(sum), "multiply": plain(math.prod), "concatenate": lambda net, x, o: torch.cat(x, o.get("axis", -1)),
    "softmax": lambda net, x, o: F.softmax(x, o.get("axis", -1)), "logSoftmax": lambda net, x, o: F.log_softmax(x, o.get("axis", -1)),
    "elu": lambda net, x, o: F.elu(x, o.get("alpha", 1.0)), "leakyRelu": lambda net, x, o: F.leaky_relu(x, o.get("slope", 0.01)),
    "relu": plain(F.relu), "sigmoid": plain(torch.sigmoid), "tanh": plain(torch.tanh), "softplus": plain(F.softplus), "silu": plain(F.silu),
    "gelu": plain(F.gelu), "mish": plain(F.mish), "logSigmoid": plain(F.logsigmoid), "abs": plain(torch.abs), "exp": plain(torch.exp),
    "sin": plain(torch.sin), "cos": plain(torch.cos), "atan": plain(torch.atan), "erf": plain(torch.erf), "square": plain(torch.square),
}


# ---- losses

REDUCTIONS = {"mean": torch.mean, "sum": torch.sum, "none": lambda x: x}


def cross_entropy(net, out, y, options):
    source = options.get("from", {"softmax": "probabilities", "logSoftmax": "log-probabilities"}.get(net.last, "logits"))
    weights = torch.tensor(options["classWeights"]) if "classWeights" in options else None
    reduction, rows = options.get("reduction", "mean"), out.reshape(-1, out.shape[-1])
    if options.get("targets", "classes") == "classes":
        if source == "logits":
            return F.cross_entropy(rows, y.flatten(), weights, reduction=reduction, label_smoothing=options.get("labelSmoothing", 0.0))
        return F.nll_loss(rows.log() if source == "probabilities" else rows, y.flatten(), weights, reduction=reduction)
    targets = y.reshape(rows.shape)
    if source == "logits":
        return F.cross_entropy(rows, targets, weights, reduction=reduction, label_smoothing=options.get("labelSmoothing", 0.0))
    logs = rows.log() if source == "probabilities" else rows
    return REDUCTIONS[reduction](-(targets * logs).sum(-1))


def nll(net, out, y, options):
    weights = torch.tensor(options["classWeights"]) if "classWeights" in options else None
    return F.nll_loss(out.reshape(-1, out.shape[-1]), y.flatten(), weights, reduction=options.get("reduction", "mean"))


def binary_cross_entropy(net, out, y, options):
    logits = options.get("from", "probabilities" if net.last == "sigmoid" else "logits") == "logits"
    return (F.binary_cross_entropy_with_logits if logits else F.binary_cross_entropy)(out, y, reduction=options.get("reduction", "mean"))


def multiclass_hinge(net, out, y, options):
    rows, wanted = torch.arange(len(y)), torch.ones_like(out)
    wanted[rows, y] = 0
    margins = (out - out[rows, y][:, None] + options.get("margin", 1)).clamp(min=0) * wanted
    return REDUCTIONS[options.get("reduction", "mean")](margins.sum(1))


def kl(net, out, y, options):
    return F.kl_div(out, y, reduction={"batch-mean": "batchmean"}.get(options.get("reduction"), options.get("reduction", "mean")))


LOSSES = {
    "mse": lambda net, out, y, o: F.mse_loss(out, y, reduction=o.get("reduction", "mean")),
    "mae": lambda net, out, y, o: F.l1_loss(out, y, reduction=o.get("reduction", "mean")),
    "huber": lambda net, out, y, o: F.huber_loss(out, y, reduction=o.get("reduction", "mean"), delta=o.get("delta", 1.0)),
    "smooth-l1": lambda net, out, y, o: F.smooth_l1_loss(out, y, reduction=o.get("reduction", "mean"), beta=o.get("beta", 1.0)),
    "binary-cross-entropy": binary_cross_entropy, "cross-entropy": cross_entropy, "nll": nll, "kl": kl, "multiclass-hinge": multiclass_hinge,
    "hinge": lambda net, out, y, o: REDUCTIONS[o.get("reduction", "mean")]((1 - y * out).clamp(min=0)),
    "cosine": lambda net, out, y, o: REDUCTIONS[o.get("reduction", "mean")](1 - F.cosine_similarity(out, y, dim=-1)),
}


def loss_options(spec):
    loss = spec.get("loss", "mse")
    return {"type": loss} if isinstance(loss, str) else loss


def loss_of(net, data):
    """The loss as it is reported, with the penalties; one number per row or element under `reduction: none`."""
    out, options = net.run(data), loss_options(net.spec)
    loss = LOSSES[options["type"]](net, out, data["y"], options)
    return out, loss + sum(net.penalties)


def targets_for(spec, name, out):
    options, classes = loss_options(spec), out.shape[-1]
    kind = options["type"]
    if kind in ("cross-entropy", "nll", "multiclass-hinge"):
        indices = integers(name, out.shape[:-1], classes)
        return indices if options.get("targets", "classes") == "classes" else F.one_hot(indices, classes).to(out.dtype)
    if kind == "binary-cross-entropy":
        return integers(name, out.shape, 2).to(out.dtype)
    if kind == "hinge":
        return 2.0 * integers(name, out.shape, 2) - 1
    return distributions(name, out.shape) if kind == "kl" else reals(name, out.shape)


def distributions(name, shape):
    """Rows of probabilities with exact sums: sixteenths, none of them zero."""
    counts = 1 + integers(name, shape, 3)
    counts[..., 0] += 16 - counts.sum(-1)
    return counts / 16


# ---- training


def optimizer_of(spec, parameters, decay_all):
    """PyTorch decays every parameter; or the weights only, which are what has two axes or more."""
    entry = spec["optimizer"]
    kind, options = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
    rate, decay, epsilon = options.get("rate"), options.get("weightDecay", 0), options.get("epsilon", 1e-8)
    betas = options.get("beta1", 0.9), options.get("beta2", 0.999)
    if not decay_all:
        parameters = [{"params": [p for p in parameters if p.dim() > 1]}, {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0}]
    if kind == "sgd":
        return optim.SGD(parameters, rate or 0.01, options.get("momentum", 0), weight_decay=decay, nesterov=options.get("nesterov", False))
    if kind == "rmsprop":
        return optim.RMSprop(parameters, rate or 0.01, options.get("alpha", 0.99), epsilon)
    if kind == "adamw":
        return optim.AdamW(parameters, rate or 0.001, betas, epsilon, options.get("weightDecay", 0.01))
    return optim.Adam(parameters, rate or 0.001, betas, epsilon, decay)


def schedule_of(spec, optimizer):
    """PyTorch's scheduler and the same thing written out: step 1, 2, ... to its rate."""
    base = optimizer.param_groups[0]["lr"]
    if "schedule" not in spec:
        return None, lambda step: base
    kind, options = next(iter(spec["schedule"].items()))
    if kind == "exponential":
        main, formula = optim.lr_scheduler.ExponentialLR(optimizer, options["decay"]), lambda t: base * options["decay"] ** t
    if kind == "step":
        main, formula = optim.lr_scheduler.StepLR(optimizer, options["every"], options["factor"]), lambda t: base * options["factor"] ** (t // options["every"])
    if kind == "cosine":
        least, steps = options.get("minimum", 0), options["steps"]
        main, formula = optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, least), lambda t: least + (base - least) * (1 + math.cos(math.pi * min(1, t / steps))) / 2
    count = options.get("warmup", 0)
    if not count:
        return main, lambda step: formula(step - 1)
    warmed = lambda step: base * step / count if step <= count else formula(step - 1 - count)
    for group in optimizer.param_groups:
        group["lr"] = group["initial_lr"] = base
    return optim.lr_scheduler.LambdaLR(optimizer, lambda done: warmed(done + 1) / base), warmed


def clip(spec, parameters):
    options = spec.get("clip", {})
    if "norm" in options:
        nn.utils.clip_grad_norm_(parameters, options["norm"])
    if "value" in options:
        nn.utils.clip_grad_value_(parameters, options["value"])


def train(net, batches, count, decay_all):
    spec, parameters = net.spec, list(net.parameters.values())
    optimizer, micro, steps = optimizer_of(spec, parameters, decay_all), spec.get("accumulate", 1), []
    scheduler, formula = schedule_of(spec, optimizer)
    for step in range(1, count + 1):
        rate, losses = optimizer.param_groups[0]["lr"], []
        assert math.isclose(rate, formula(step), rel_tol=1e-12), (rate, formula(step))
        optimizer.zero_grad()
        for index in range((step - 1) * micro, step * micro):
            _, loss = loss_of(net, batches[index % len(batches)])
            (loss / micro).backward()
            losses.append(loss.item())
        clip(spec, parameters)
        optimizer.step()
        if scheduler:
            scheduler.step()
        steps.append({"rate": rate, "loss": sum(losses) / micro, "parameters": {name: flat(p) for name, p in net.parameters.items()}})
        if net.state:
            steps[-1]["state"] = {name: flat(x) for name, x in net.state.items()}
    return steps


# ---- cases


def flat(tensor):
    return tensor.detach().flatten().tolist()


def input_data(spec, sizes, given, tag=""):
    inputs, data = spec.get("inputs", {"X": spec.get("input")}), {}
    for name, kind in inputs.items():
        kind = kind if isinstance(kind, dict) else {"shape": kind}
        shape = [sizes[dim] if isinstance(dim, str) else dim for dim in kind["shape"]]
        dtype = kind.get("dtype", "real")
        values = torch.tensor(given[name]).reshape(shape) if name in given else reals(name + tag, shape) if dtype == "real" else integers(name + tag, shape, kind.get("below", 2))
        data[name] = values.requires_grad_() if dtype == "real" else values
    return data


def make_case(name, spec_text, sizes={}, given={}, data={}, steps=0, batches=0):
    """One case: `given` and `data` fix parameters and inputs, `steps` trains on, over `batches` different batches if there are any."""
    spec, sizes = yaml.safe_load(spec_text), {"batch": 3, "time": 4, **sizes}
    net = Net(spec, given)
    every = [batch_data(net, sizes, data, f"#{index}" if index else "") for index in range(max(1, batches))]
    net.state.clear()
    out, loss = loss_of(net, every[0])
    loss.sum().backward()
    expected = {"loss": loss.item() if loss.dim() == 0 else flat(loss), "output": flat(out), "gradients": {n: flat(p.grad) for n, p in net.parameters.items()}}
    expected["inputGradients"] = {n: flat(x.grad) for n, x in every[0].items() if n != "y" and x.grad is not None}
    if net.state:
        expected["state"] = {n: flat(x) for n, x in net.state.items()}
        expected["predicted"] = flat(net.run(every[0], training=False))
    used = {symbol: size for symbol, size in sizes.items() if symbol in spec_text.split("layers:")[0]}
    result = {"name": name, "spec": spec_text, "sizes": used, "shapes": {n: list(p.shape) for n, p in net.parameters.items()}}
    result |= {"parameters": {n: flat(p) for n, p in net.parameters.items()}, "data": {n: flat(x) for n, x in every[0].items()}, "expected": expected}
    if batches:
        result["batches"] = [{n: flat(x) for n, x in each.items()} for each in every]
    if steps:
        result["steps"] = train(fresh(net), every, steps, True)
        if any(kind in spec_text for kind in ("weightDecay", "adamw")):
            result["stepsWeightsOnly"] = train(fresh(net), every, steps, False)
    assert not any(math.isnan(x) for values in expected["gradients"].values() for x in values), name
    return result


def fresh(net):
    """The network as it was before any training."""
    copy = Net(net.spec, net.given)
    copy.parameters = {name: p.detach().clone().requires_grad_() for name, p in net.parameters.items()}
    return copy


def batch_data(net, sizes, given, tag):
    data = input_data(net.spec, sizes, given, tag)
    out = net.run(data).detach()
    y = given.get("y")
    made = targets_for(net.spec, "y" + tag, out)
    data["y"] = made if y is None else torch.tensor(y, dtype=made.dtype).reshape(made.shape)
    return data
