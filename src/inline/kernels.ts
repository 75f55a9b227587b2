// The functions that generated code copies from templates/, as they are: for interpreted code, which calls them instead of copying.

import * as axes from "../../templates/axes.ts";
import * as checks from "../../templates/checks.ts";
import * as convolution from "../../templates/convolution.ts";
import * as elementwise from "../../templates/elementwise.ts";
import * as indexing from "../../templates/indexing.ts";
import * as linearAlgebra from "../../templates/linear-algebra.ts";
import * as matrix from "../../templates/matrix.ts";
import * as reduction from "../../templates/reduction.ts";
import * as special from "../../templates/special.ts";
import * as strides from "../../templates/strides.ts";

export const kernels: Readonly<Record<string, unknown>> = {
  ...axes,
  ...checks,
  ...convolution,
  ...elementwise,
  ...indexing,
  ...linearAlgebra,
  ...matrix,
  ...reduction,
  ...special,
  ...strides,
};
