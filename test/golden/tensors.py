"""Values and gradients of tensor expressions, computed by PyTorch in float64. Writes tensors.json.

Run with Debian's python3-torch: /usr/bin/python3 test/golden/tensors.py
Each case has wengert's source and, beside it, the same thing said to PyTorch; shapes are read from the declarations.
"""
import json, math, pathlib, re
import torch
from torch.nn import functional as F
from torch_network import flat, integers, reals

DECLARATION = re.compile(r"^(param|input) (\w+)(?: \[([^\]]*)\])?( integer)?$", re.MULTILINE)
CASES = []


def case(name, source, function, sizes={}, given={}, lift=()):
    """Adds a case: `given` fixes inputs, `lift` adds 3 on the diagonals of square matrices, so that they invert well."""
    inputs, params, shapes = {}, [], {}
    for role, symbol, dims, integer in DECLARATION.findall(source):
        shape = [sizes[dim] if dim in sizes else int(dim) for dim in re.findall(r"\w+", dims)]
        values = integers(symbol, shape, 3) if integer else reals(symbol, shape)
        if symbol in lift:
            values = values + 3 * torch.eye(shape[-1])
        if symbol in given:
            values = torch.tensor(given[symbol]).reshape(shape)
        inputs[symbol], shapes[symbol] = values if integer else values.requires_grad_(), shape
        params += [symbol] if role == "param" else []
    value = function(*inputs.values())
    value.backward()
    expected = {"value": value.item(), "gradients": {symbol: flat(inputs[symbol].grad) for symbol in params}}
    assert math.isfinite(expected["value"]) and all(math.isfinite(x) for grad in expected["gradients"].values() for x in grad), name
    entry = {"name": name, "source": source, "sizes": sizes, "shapes": shapes, "inputs": {symbol: flat(x) for symbol, x in inputs.items()}}
    CASES.append({**entry, "expected": expected})


def lines(*each):
    return "\n".join(each) + "\n"


def written(a, b):
    M = torch.stack([torch.stack([a, b]), torch.stack([-b, a * b])])
    return (M @ M).sum() + torch.det(M)


def normal_equations(X, y):
    w = torch.linalg.solve(X.T @ X, X.T @ y)
    return ((X @ w - y) ** 2).sum() + w.sum()


A23, B23, A33, B33, X3, Y3 = "param A [2, 3]", "param B [2, 3]", "param A [3, 3]", "param B [3, 3]", "param x [3]", "param y [3]"

# ---- the systems of the list

case("matrix multiply", lines("param W [5, 10]", "param X [10, 3]", "input G [5, 3]", "D = W * X", "loss = sum(D .* G)"), lambda W, X, G: (W @ X * G).sum())
case("matrix multiply, columns unknown", lines("param W [5, 10]", "input X [10, n]", "input G [5, n]", "D = W * X", "loss = sum(D .* G)"),
     lambda W, X, G: (W @ X * G).sum(), sizes={"n": 3})


def svm(X, Y, W, b):
    scores = X @ W + b
    margins = (scores - (Y * scores).sum(1, keepdim=True) + 1).clamp(min=0) * (1 - Y)
    return margins.sum() / 4 + 0.1 * (W**2).sum()


ONE_HOT = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
case("multiclass SVM, one-hot labels", lines("input X [4, 3]", "input Y [4, 3]", "param W [3, 3]", "param b [3]", "S = X * W + b", "correct = reshape(sum(Y .* S, 2), [4, 1])",
     "margins = relu(S - correct + 1) .* (1 - Y)", "loss = sum(margins) / 4 + 0.1 * sum(W .* W)"), svm, given={"Y": ONE_HOT})
case("two-layer ReLU net, softmax cross-entropy, written out", lines("input X [4, 3]", "input Y [4, 3]", "param W1 [3, 5]", "param W2 [5, 3]", "Z1 = relu(X * W1)", "H = Z1 * W2",
     "loss = -sum(Y .* H) / 4 + sum(log(sum(exp(H), 2))) / 4"),
     lambda X, Y, W1, W2: F.cross_entropy(torch.relu(X @ W1) @ W2, Y), given={"Y": ONE_HOT})
case("two-layer ReLU net, class indices", lines("input X [n, 3]", "input y [n] integer", "param W1 [3, 5]", "param W2 [5, 3]", "loss = mean(softmaxCrossEntropy(relu(X * W1) * W2, y))"),
     lambda X, y, W1, W2: F.cross_entropy(torch.relu(X @ W1) @ W2, y), sizes={"n": 4})
case("softmax regression, class indices", lines("input X [n, 5]", "input y [n] integer", "param theta [5, 3]", "loss = mean(softmaxCrossEntropy(X * theta, y))"),
     lambda X, y, theta: F.cross_entropy(X @ theta, y), sizes={"n": 4})
case("softmax regression, one-hot, logsumexp", lines("input X [4, 5]", "input Y [4, 3]", "param theta [5, 3]", "H = X * theta", "loss = mean(logsumexp(H, 2) - sum(Y .* H, 2))"),
     lambda X, Y, theta: F.cross_entropy(X @ theta, Y), given={"Y": ONE_HOT})
case("softmax regression, written out", lines("input x [5]", "param theta [5, 3]", "h = x * theta", "loss = -h[2] + log(sum(exp(h)))"), lambda x, theta: F.cross_entropy(x @ theta, torch.tensor(1)))
case("softmax regression, log of softmax", lines("input X [4, 5]", "input Y [4, 3]", "param theta [5, 3]", "P = softmax(X * theta, 2)", "loss = -sum(Y .* log(P)) / 4"),
     lambda X, Y, theta: F.cross_entropy(X @ theta, Y), given={"Y": ONE_HOT})
case("softmax regression, exp over sum", lines("input X [4, 5]", "input Y [4, 3]", "param theta [5, 3]", "U = exp(X * theta)", "P = U ./ reshape(sum(U, 2), [4, 1])",
     "loss = -sum(Y .* log(P)) / 4"), lambda X, Y, theta: F.cross_entropy(X @ theta, Y), given={"Y": ONE_HOT})
case("three layers, tanh", lines("input X [n, 4]", "input Y [n, 2]", "param W1 [4, 5]", "param W2 [5, 3]", "param W3 [3, 2]", "Z2 = tanh(X * W1)", "Z3 = tanh(Z2 * W2)", "Z4 = Z3 * W3",
     "loss = mean((Z4 - Y) .^ 2)"), lambda X, Y, W1, W2, W3: F.mse_loss(torch.tanh(torch.tanh(X @ W1) @ W2) @ W3, Y), sizes={"n": 3})
case("three layers, biases, sigmoid", lines("input X [n, 4]", "input Y [n, 2]", "param W1 [4, 3]", "param b1 [3]", "param W2 [3, 3]", "param b2 [3]", "param W3 [3, 2]", "param b3 [2]",
     "H1 = sigmoid(X * W1 + b1)", "H2 = sigmoid(H1 * W2 + b2)", "loss = sum((H2 * W3 + b3 - Y) .^ 2)"),
     lambda X, Y, W1, b1, W2, b2, W3, b3: ((torch.sigmoid(torch.sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3 - Y) ** 2).sum(), sizes={"n": 3})
case("linear regression with penalty", lines("input X [n, 3]", "input y [n]", "param w [3]", "param b", "r = X * w + b - y", "loss = mean(r .* r) + 0.01 * dot(w, w)"),
     lambda X, y, w, b: ((X @ w + b - y) ** 2).mean() + 0.01 * (w @ w), sizes={"n": 4})

# ---- elementwise and broadcasting

case("elementwise product and quotient", lines(A23, B23, "sum(A .* B ./ (2 + A .* A))"), lambda A, B: (A * B / (2 + A * A)).sum())
case("elementwise power", lines(A23, B23, "sum((A .* A + 1) .^ B)"), lambda A, B: ((A * A + 1) ** B).sum())
case("unary minus and functions", lines(A23, "sum(exp(-A) + sin(A) .* sqrt(1 + A .^ 2))"), lambda A: (torch.exp(-A) + torch.sin(A) * torch.sqrt(1 + A**2)).sum())
case("scalar with matrix", lines("param s", A23, "sum((s * A - A / s + s) .^ 2)"), lambda s, A: ((s * A - A / s + s) ** 2).sum())
case("row with matrix", lines(A23, X3, "sum((A + x) .^ 2 .* x)"), lambda A, x: ((A + x) ** 2 * x).sum())
case("column with matrix", lines(A23, "param c [2, 1]", "sum((A .* c) .^ 2 - c)"), lambda A, c: ((A * c) ** 2 - c).sum())
case("column with row", lines("param c [2, 1]", "param r [1, 3]", "sum(exp(c .* r) + c - r)"), lambda c, r: (torch.exp(c * r) + c - r).sum())
case("vector with column", lines(X3, "param c [2, 1]", "sum((x - c) .^ 2 .* c)"), lambda x, c: ((x - c) ** 2 * c).sum())
case("matrix with rank three", lines("param T [2, 2, 3]", A23, "sum((T .* A + T) .^ 2)"), lambda T, A: ((T * A + T) ** 2).sum())
case("one element with rank three", lines("param T [2, 2, 3]", "param u [1, 1, 1]", "sum(T .^ 2 .* u)"), lambda T, u: (T**2 * u).sum())
case("larger and smaller of two", lines(A23, X3, "sum(max(A, x) .^ 2 + min(A, x) .* A)"), lambda A, x: (torch.maximum(A, x) ** 2 + torch.minimum(A, x) * A).sum())

# ---- products, transposes

case("vector products", lines("param A [3, 2]", X3, "param z [2]", "sum((A * z) .* x) + sum((x * A) .^ 2)"), lambda A, x, z: ((A @ z) * x).sum() + ((x @ A) ** 2).sum())
case("dot", lines(X3, Y3, "dot(x, y) * dot(x, x)"), lambda x, y: (x @ y) * (x @ x))
case("transpose, quadratic form", lines(A33, X3, "dot(x, A' * x) + sum((A * A') .* A)"), lambda A, x: x @ (A.T @ x) + ((A @ A.T) * A).sum())
case("transpose by name", lines(A23, "param B [2, 4]", "sum((transpose(A) * B) .^ 2)"), lambda A, B: ((A.T @ B) ** 2).sum())
case("chain of products", lines(A23, "param B [3, 2]", "param C [2, 2]", "trace(A * B * C * A * B)"), lambda A, B, C: torch.trace(A @ B @ C @ A @ B))
case("outer", lines(X3, "param z [2]", "input G [3, 2]", "sum(outer(x, z) .^ 2 .* G)"), lambda x, z, G: (torch.outer(x, z) ** 2 * G).sum())
case("einsum, matrix product", lines(A23, "param B [3, 4]", 'sum(einsum("ij,jk->ik", A, B) .^ 2)'), lambda A, B: (torch.einsum("ij,jk->ik", A, B) ** 2).sum())
case("einsum, batches", lines("param A [2, 3, 2]", "param B [2, 2, 4]", 'sum(einsum("bij,bjk->bik", A, B) .^ 2)'), lambda A, B: (torch.einsum("bij,bjk->bik", A, B) ** 2).sum())
case("einsum, heads of attention", lines("param Q [1, 3, 2, 2]", "param K [1, 3, 2, 2]", 'S = softmax(einsum("bqhd,bkhd->bhqk", Q, K), 4)', "sum(S .^ 2)"),
     lambda Q, K: (torch.softmax(torch.einsum("bqhd,bkhd->bhqk", Q, K), 3) ** 2).sum())
case("einsum, elementwise and transposed", lines(A23, "param B [3, 2]", 'sum(einsum("ij,ji->ij", A, B) .^ 2)'), lambda A, B: ((A * B.T) ** 2).sum())

# ---- reductions

case("sum, axis 1", lines(A23, X3, "sum(sum(A, 1) .^ 2 .* x)"), lambda A, x: (A.sum(0) ** 2 * x).sum())
case("sum, axis 2", lines(A23, "param z [2]", "sum(sum(A, 2) .^ 2 .* z)"), lambda A, z: (A.sum(1) ** 2 * z).sum())
case("sum, middle axis", lines("param T [2, 3, 2]", "sum(sum(T, 2) .^ 3)"), lambda T: (T.sum(1) ** 3).sum())
case("mean", lines(A23, "mean(A) * mean(A .^ 2)"), lambda A: A.mean() * (A**2).mean())
case("mean, axes", lines(A23, "sum(mean(A, 1) .^ 2) + sum(mean(A, 2) .^ 3)"), lambda A: (A.mean(0) ** 2).sum() + (A.mean(1) ** 3).sum())
case("max and min", lines(A23, "max(A) ^ 2 * min(A)"), lambda A: A.max() ** 2 * A.min())
case("max and min, axes", lines(A23, "sum(max(A, 2) .^ 2) + sum(min(A, 1) .^ 3)"), lambda A: (A.amax(1) ** 2).sum() + (A.amin(0) ** 3).sum())
case("prod", lines(X3, "prod(x) ^ 2 + prod(2 + x)"), lambda x: x.prod() ** 2 + (2 + x).prod())
case("prod, axis, with zeros", lines(A23, X3, "p = prod(A, 2)", "sum(prod(A, 1) .* x) + sum(p .^ 2) + p[1]"), lambda A, x: (A.prod(0) * x).sum() + (A.prod(1) ** 2).sum() + A.prod(1)[0],
     given={"A": [2.0, 0.0, 3.0, 0.5, 1.5, 0.0]})
case("norm", lines(X3, Y3, "norm(x - y) * norm(x)"), lambda x, y: (x - y).norm() * x.norm())
case("norm, far from one", lines(X3, "norm(x)"), lambda x: x.norm(), given={"x": [3e100, -4e100, 12e100]})
case("variance, standardised", lines(A23, "c = A - reshape(mean(A, 2), [2, 1])", "v = reshape(mean(c .^ 2, 2), [2, 1])", "sum((c ./ sqrt(v + 0.00001)) .^ 3)"),
     lambda A: (F.layer_norm(A, [3]) ** 3).sum())
case("logsumexp", lines(A23, "logsumexp(A) ^ 2"), lambda A: torch.logsumexp(A.flatten(), 0) ** 2)
case("logsumexp, axes", lines(A23, "sum(logsumexp(A, 1) .^ 2) + sum(logsumexp(A, 2) .^ 3)"), lambda A: (torch.logsumexp(A, 0) ** 2).sum() + (torch.logsumexp(A, 1) ** 3).sum())
case("logsumexp, large", lines(X3, Y3, "sum(logsumexp(x, 1) - x) + sum(logSoftmax(y, 1) .* x)"), lambda x, y: (torch.logsumexp(x, 0) - x).sum() + (F.log_softmax(y, 0) * x).sum(),
     given={"x": [1000.0, 999.0, -1000.0], "y": [-1000.0, -1001.0, -1002.0]})
case("softmax, axes", lines(A23, B23, "sum(softmax(A, 2) .* B) + sum(softmax(A, 1) .^ 2)"), lambda A, B: (torch.softmax(A, 1) * B).sum() + (torch.softmax(A, 0) ** 2).sum())
case("softmax of a vector", lines(X3, Y3, "dot(softmax(x, 1), y)"), lambda x, y: torch.softmax(x, 0) @ y)
case("logSoftmax, axes", lines(A23, B23, "sum(logSoftmax(A, 2) .* B) + sum(logSoftmax(A, 1) .* B .^ 2)"),
     lambda A, B: (torch.log_softmax(A, 1) * B).sum() + (torch.log_softmax(A, 0) * B**2).sum())

# ---- indexing, shapes

case("one element", lines(A23, X3, "A[2, 3] ^ 2 * x[1] + A[1, 3] * x[3]"), lambda A, x: A[1, 2] ** 2 * x[0] + A[0, 2] * x[2])
case("part of a row", lines("param A [3, 4]", "param z [3]", "dot(A[2, 1:3], z) + dot(A[2, 2:4], A[3, 1:3])"), lambda A, z: A[1, :3] @ z + A[1, 1:] @ A[2, :3])
case("rows and columns", lines("param A [3, 3]", "dot(A[2, :], A[:, 3]) + sum(A[:, 1] .^ 2)"), lambda A: A[1] @ A[:, 2] + (A[:, 0] ** 2).sum())
case("block", lines("param A [4, 4]", "sum(A[1:2, 2:4] .* A[3:4, 1:3])"), lambda A: (A[:2, 1:] * A[2:, :3]).sum())
case("block twice used", lines("param A [3, 3]", "B = A[1:2, 1:2]", "sum(B * B) + B[1, 2] * A[1, 2]"), lambda A: (A[:2, :2] @ A[:2, :2]).sum() + A[0, 1] ** 2)
case("range with a step", lines("param x [7]", "sum(x[1:2:7] .^ 2) * x[2]"), lambda x: (x[::2] ** 2).sum() * x[1])
case("up to the end", lines("param x [n]", "dot(x[2:end], x[1:end-1])"), lambda x: x[1:] @ x[:-1], sizes={"n": 5})
case("reshape", lines("param x [6]", "param B [3, 2]", "sum((reshape(x, [2, 3]) * B) .^ 2)"), lambda x, B: ((x.reshape(2, 3) @ B) ** 2).sum())
case("reshape to a vector", lines(A23, "param x [6]", "dot(reshape(A', [6]), x .^ 2)"), lambda A, x: A.T.reshape(6) @ x**2)
case("concat, axis 1", lines(A23, "param B [1, 3]", "input G [3, 3]", "sum(concat(A, B, 1) .^ 2 .* G)"), lambda A, B, G: (torch.cat([A, B], 0) ** 2 * G).sum())
case("concat, axis 2", lines(A23, "param B [2, 2]", "input G [2, 5]", "sum(concat(A, B, 2) .^ 2 .* G)"), lambda A, B, G: (torch.cat([A, B], 1) ** 2 * G).sum())
case("concat of vectors", lines(X3, "param z [2]", "param w [5]", "dot(concat(x, z, 1) .^ 2, w)"), lambda x, z, w: torch.cat([x, z]) ** 2 @ w)
case("matrix of written elements", lines("param a", "param b", "M = [a, b; -b, a * b]", "sum(M * M) + det(M)"), lambda a, b: written(a, b))



# ---- linear algebra

case("trace", lines(A33, "trace(A) ^ 2 + trace(A * A)"), lambda A: torch.trace(A) ** 2 + torch.trace(A @ A))
case("det", lines(A33, "det(A)"), lambda A: torch.det(A), lift="A")
case("det, rows swapped", lines("param A [4, 4]", "det(A) ^ 2"), lambda A: torch.det(A) ** 2)
case("inv", lines(A33, B33, "sum(inv(A) .* B)"), lambda A, B: (torch.inverse(A) * B).sum(), lift="A")
case("solve, vector", lines(A33, X3, Y3, "dot(solve(A, x), y)"), lambda A, x, y: torch.linalg.solve(A, x) @ y, lift="A")
case("solve, matrix", lines(A33, "param B [3, 2]", "sum(solve(A, B) .^ 2)"), lambda A, B: (torch.linalg.solve(A, B) ** 2).sum(), lift="A")
case("solve, zero pivot", lines(A33, X3, "sum(solve(A, x) .^ 2)"), lambda A, x: (torch.linalg.solve(A, x) ** 2).sum(), given={"A": [0.0, 2.0, 1.0, 1.0, 0.0, 3.0, 2.0, 1.0, 0.0]})
case("logdet", lines(A33, "logdet(A)"), lambda A: torch.linalg.slogdet(A)[1], lift="A")
case("logdet, negative determinant", lines(A33, "logdet(A)"), lambda A: torch.linalg.slogdet(A)[1], given={"A": [1.0, 2.0, 0.5, 3.0, 1.0, 0.25, 0.5, 0.125, 2.0]})
case("normal density of a vector", lines("param L [3, 3]", X3, "S = L * L'", "0.5 * dot(x, solve(S, x)) + 0.5 * logdet(S)"),
     lambda L, x: 0.5 * x @ torch.linalg.solve(L @ L.T, x) + 0.5 * torch.logdet(L @ L.T), lift="L")
case("least squares by normal equations", lines("param X [4, 2]", "param y [4]", "w = solve(X' * X, X' * y)", "r = X * w - y", "dot(r, r) + sum(w)"),
     lambda X, y: normal_equations(X, y))



text = "[\n" + ",\n".join("  " + json.dumps(entry) for entry in CASES) + "\n]\n"
pathlib.Path(__file__).with_name("tensors.json").write_text(text)
