// The training step as text: gradients, accumulation, clipping, the rate of this step, the optimiser's update in place.

import { formatNumber } from "../../../core/number.ts";
import type { Optimizer, Schedule, Trainer } from "../../../frontends/network/source.ts";
import { writeFunctionHead, writeInterface } from "../pieces.ts";
import type { Writer } from "../writer.ts";
import { trainingParameters, type NetworkEmission } from "./network.ts";

/** Per parameter, the arrays an optimiser keeps. */
function memoryOf(optimizer: Optimizer): readonly { readonly name: string; readonly doc: string }[] {
  switch (optimizer.kind) {
    case "sgd":
      return optimizer.momentum > 0 ? [{ name: "velocity", doc: "running sum of gradients" }] : [];
    case "adam":
    case "adamw":
      return [
        { name: "m", doc: "running mean of gradients" },
        { name: "v", doc: "running mean of their squares" },
      ];
    case "rmsprop":
      return [{ name: "squares", doc: "running mean of squared gradients" }];
  }
}

export function writeStep(writer: Writer, emission: NetworkEmission, trainer: Trainer): void {
  const { names, states } = emission;
  const memory = memoryOf(trainer.optimizer);
  const sums = trainer.accumulate > 1 ? [{ name: "sums", doc: "gradients since the last step" }] : [];
  const arrays = [...memory, ...sums];
  writeInterface(
    writer,
    names.optimizerType,
    `What ${names.step} remembers from call to call.`,
    arrays.map(({ name, doc }) => ({ name, type: names.params, doc })),
    [
      { name: "step", type: "number", doc: "steps taken so far" },
      ...(trainer.accumulate > 1 ? [{ name: "calls", type: "number", doc: "calls since the last step" }] : []),
    ],
  );
  writeOptimizer(writer, emission, arrays, trainer);
  const method = describeOptimizer(trainer);
  const [params, ...data] = trainingParameters(emission);
  const stateful = states.length > 0 ? [data.shift()!] : [];
  writeFunctionHead(writer, {
    doc: [
      `One step of ${method} on a batch: updates params${states.length > 0 ? ", state" : ""} and optimizer in place and returns the loss before it.`,
    ],
    name: names.step,
    parameters: [params!, ...stateful, { name: "optimizer", type: names.optimizerType }, ...data],
    returns: "number",
  });
  const args = trainingParameters(emission).map(({ name }) => name);
  const results = ["loss", "gradients", ...(states.length > 0 ? ["state: next"] : [])];
  writer.writeLine(`  const { ${results.join(", ")} } = ${names.grad}(${args.join(", ")});`);
  for (const { name } of states) writer.writeLine(`  state.${name}.set(next.${name});`);
  writeUpdate(writer, emission, trainer);
  writer.writeLine("  return loss;");
  writer.writeLine("}");
  writer.writeLine();
}

function writeOptimizer(
  writer: Writer,
  { names, parameters }: NetworkEmission,
  arrays: readonly { name: string }[],
  trainer: Trainer,
): void {
  writeFunctionHead(writer, {
    doc: [`What ${names.step} starts from.`],
    name: names.optimizer,
    parameters: [],
    returns: names.optimizerType,
  });
  if (arrays.length > 0) {
    writer.write("  const zeros = ()");
    writer.writeType(`: ${names.params}`);
    writer.writeLine(" => ({");
    for (const { name, shape } of parameters)
      writer.writeLine(`    ${name}: new Float64Array(${shape.reduce((a, b) => a * b, 1)}),`);
    writer.writeLine("  });");
  }
  const calls = trainer.accumulate > 1 ? ["calls: 0"] : [];
  writer.writeLine(`  return { ${[...arrays.map(({ name }) => `${name}: zeros()`), "step: 0", ...calls].join(", ")} };`);
  writer.writeLine("}");
  writer.writeLine();
}

function writeUpdate(writer: Writer, emission: NetworkEmission, trainer: Trainer): void {
  const { names, module } = emission;
  const use = (kernel: string): string => {
    module.kernels.add(kernel);
    return kernel;
  };
  const source = trainer.accumulate > 1 ? "optimizer.sums" : "gradients";
  writer.write("  const names = Object.keys(params)");
  writer.writeType(` as (keyof ${names.params})[]`);
  writer.writeLine(";");
  if (trainer.accumulate > 1) {
    writer.writeLine(
      `  for (const name of names) ${use("addScaled")}(optimizer.sums[name], gradients[name], 1 / ${trainer.accumulate});`,
    );
    writer.writeLine("  optimizer.calls++;");
    writer.writeLine(`  if (optimizer.calls < ${trainer.accumulate}) return loss;`);
    writer.writeLine("  optimizer.calls = 0;");
  }
  if (trainer.clip !== undefined) {
    writer.writeLine(`  const all = names.map((name) => ${source}[name]);`);
    writer.writeLine(
      `  ${use(trainer.clip.kind === "norm" ? "clipByNorm" : "clipByValue")}(all, ${formatNumber(trainer.clip.limit)});`,
    );
  }
  writer.writeLine("  optimizer.step++;");
  const rate = rateText(trainer, use);
  if (rate.isConstant) writer.writeLine(`  const rate = ${rate.text};`);
  else for (const line of rate.text.split("\n")) writer.writeLine(`  ${line}`);
  writer.writeLine("  for (const name of names) {");
  writer.writeLine("    const p = params[name];");
  writer.writeLine(`    const g = ${source}[name];`);
  for (const line of updateLines(trainer.optimizer, use)) writer.writeLine(`    ${line}`);
  if (trainer.accumulate > 1) writer.writeLine("    g.fill(0);");
  writer.writeLine("  }");
}

/** The update of one parameter `p` by its gradient `g`; formulas as in torch.optim. */
function updateLines(optimizer: Optimizer, use: (kernel: string) => string): string[] {
  const number = formatNumber;
  const decays = optimizer.weightDecay > 0 && optimizer.kind !== "adamw";
  const penalty = decays ? [`${use("addScaled")}(g, p, ${number(optimizer.weightDecay)});`] : [];
  switch (optimizer.kind) {
    case "sgd":
      if (optimizer.momentum === 0) return [...penalty, `${use("sgd")}(p, g, rate);`];
      return [
        ...penalty,
        `${use("momentum")}(p, g, optimizer.velocity[name], rate, ${number(optimizer.momentum)}, ${optimizer.nesterov});`,
      ];
    case "adam":
    case "adamw": {
      const { beta1, beta2, epsilon, weightDecay } = optimizer;
      const shrink = optimizer.kind === "adamw" && weightDecay > 0 ? [`${use("decay")}(p, rate * ${number(weightDecay)});`] : [];
      const args = [
        "p",
        "g",
        "optimizer.m[name]",
        "optimizer.v[name]",
        "optimizer.step",
        "rate",
        number(beta1),
        number(beta2),
        number(epsilon),
      ];
      const line = `${use("adam")}(${args.join(", ")});`;
      return [...penalty, ...shrink, line.length <= 96 ? line : `adam(\n${args.map((arg) => `      ${arg},\n`).join("")}    );`];
    }
    case "rmsprop":
      return [
        ...penalty,
        `${use("rmsprop")}(p, g, optimizer.squares[name], rate, ${number(optimizer.alpha)}, ${number(optimizer.epsilon)});`,
      ];
  }
}

function rateText(
  { optimizer, schedule, warmup }: Trainer,
  use: (kernel: string) => string,
): { text: string; isConstant: boolean } {
  const base = formatNumber(optimizer.rate);
  if (warmup === 0)
    return { text: schedule === undefined ? base : scheduleText(schedule, base, "optimizer.step - 1", use), isConstant: true };
  const after = schedule === undefined ? base : scheduleText(schedule, base, `optimizer.step - ${warmup + 1}`, use);
  const text = `const rate =\n  optimizer.step <= ${warmup}\n    ? ${use("warmup")}(${base}, optimizer.step - 1, ${warmup})\n    : ${after};`;
  return { text, isConstant: false };
}

function scheduleText(schedule: Schedule, rate: string, step: string, use: (kernel: string) => string): string {
  switch (schedule.kind) {
    case "exponential":
      return `${use("exponentialRate")}(${rate}, ${step}, ${formatNumber(schedule.decay)})`;
    case "step":
      return `${use("stepRate")}(${rate}, ${step}, ${schedule.every}, ${formatNumber(schedule.factor)})`;
    case "cosine":
      return `${use("cosineRate")}(${rate}, ${step}, ${schedule.steps}, ${formatNumber(schedule.minimum)})`;
  }
}

function describeOptimizer({ optimizer, schedule, clip, accumulate }: Trainer): string {
  const name = { sgd: "gradient descent", adam: "Adam", adamw: "AdamW", rmsprop: "RMSProp" }[optimizer.kind];
  const momentum =
    optimizer.kind === "sgd" && optimizer.momentum > 0 ? ` with ${optimizer.nesterov ? "Nesterov " : ""}momentum` : "";
  const parts = [
    schedule === undefined ? "" : `a ${schedule.kind} schedule`,
    clip === undefined ? "" : `gradients clipped by ${clip.kind}`,
    accumulate > 1 ? `gradients of ${accumulate} calls` : "",
  ].filter((part) => part !== "");
  return name + momentum + (parts.length > 0 ? ` (${parts.join(", ")})` : "");
}
