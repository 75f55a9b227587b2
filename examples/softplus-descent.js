// S14: gradient descent on the last bias of the softplus network, as worked through in the statistics course.
// Run after a build: node examples/softplus-descent.js

import { readFileSync } from "node:fs";
import { compile, load } from "../dist/index.js";

const source = readFileSync(new URL("softplus-network.math", import.meta.url), "utf8");
const compilation = compile(source, { wrt: ["b3"] });
const { ssrGrad } = load(compilation);

const rate = 0.1;
let b3 = 0;
for (let step = 1; step <= 100; step++) {
  const { ssr, db3 } = ssrGrad(3.34, -1.43, -3.53, 0.57, -1.22, -2.3, b3);
  const stride = rate * db3;
  b3 -= stride;
  console.log(`step ${step}: SSR = ${ssr.toFixed(4)}, dSSR/db3 = ${db3.toFixed(2)}, b3 = ${b3.toFixed(2)}`);
  if (Math.abs(stride) < 1e-3) break;
}
