// Reverse mode as most people first write it: a graph of objects (after micrograd), and a tape in typed arrays.

/** Scalars that remember how they were made; `backward` sorts them and pushes gradients through closures. */
export class Value {
  constructor(data, parents = []) {
    this.data = data;
    this.grad = 0;
    this.parents = parents;
    this.pushBack = () => {};
  }
  plus(other) {
    const out = new Value(this.data + other.data, [this, other]);
    out.pushBack = () => {
      this.grad += out.grad;
      other.grad += out.grad;
    };
    return out;
  }
  times(other) {
    const out = new Value(this.data * other.data, [this, other]);
    out.pushBack = () => {
      this.grad += other.data * out.grad;
      other.grad += this.data * out.grad;
    };
    return out;
  }
  power(exponent) {
    const out = new Value(this.data ** exponent, [this]);
    out.pushBack = () => {
      this.grad += exponent * this.data ** (exponent - 1) * out.grad;
    };
    return out;
  }
  exp() {
    const out = new Value(Math.exp(this.data), [this]);
    out.pushBack = () => {
      this.grad += out.data * out.grad;
    };
    return out;
  }
  negated() {
    return this.times(new Value(-1));
  }
  over(other) {
    return this.times(other.power(-1));
  }
  backward() {
    const order = [];
    const visited = new Set();
    const visit = (value) => {
      if (visited.has(value)) return;
      visited.add(value);
      for (const parent of value.parents) visit(parent);
      order.push(value);
    };
    visit(this);
    this.grad = 1;
    for (const value of order.reverse()) value.pushBack();
  }
}

/** Each entry has up to two parents and the partial derivatives by them. */
export function createTape(capacity = 64) {
  const value = new Float64Array(capacity);
  const grad = new Float64Array(capacity);
  const first = new Int32Array(capacity);
  const second = new Int32Array(capacity);
  const byFirst = new Float64Array(capacity);
  const bySecond = new Float64Array(capacity);
  let size = 0;

  const push = (result, a, da, b, db) => {
    value[size] = result;
    first[size] = a;
    byFirst[size] = da;
    second[size] = b;
    bySecond[size] = db;
    return size++;
  };
  return {
    reset: () => void (size = 0),
    input: (data) => push(data, -1, 0, -1, 0),
    add: (a, b) => push(value[a] + value[b], a, 1, b, 1),
    divide: (a, b) => push(value[a] / value[b], a, 1 / value[b], b, -value[a] / (value[b] * value[b])),
    square: (a) => push(value[a] * value[a], a, 2 * value[a], -1, 0),
    sigmoid(a) {
      const s = 1 / (1 + Math.exp(-value[a]));
      return push(s, a, s * (1 - s), -1, 0);
    },
    valueOf: (a) => value[a],
    gradientOf: (a) => grad[a],
    backward(from) {
      grad.fill(0, 0, size);
      grad[from] = 1;
      for (let at = from; at >= 0; at--) {
        const flowing = grad[at];
        if (first[at] >= 0) grad[first[at]] += byFirst[at] * flowing;
        if (second[at] >= 0) grad[second[at]] += bySecond[at] * flowing;
      }
    },
  };
}
