// All layers by name. The only list of families.

import type { LayerDefinition } from "../layer.ts";
import { activation } from "./activation.ts";
import { attention } from "./attention.ts";
import { convolution } from "./convolution.ts";
import { dense } from "./dense.ts";
import { embedding } from "./embedding.ts";
import { merge } from "./merge.ts";
import { normalization } from "./normalization.ts";
import { pooling } from "./pooling.ts";
import { recurrent } from "./recurrent.ts";
import { regularization } from "./regularization.ts";
import { shape } from "./shape.ts";

export const layers: Readonly<Record<string, LayerDefinition>> = {
  ...dense,
  ...activation,
  ...normalization,
  ...regularization,
  ...embedding,
  ...convolution,
  ...pooling,
  ...shape,
  ...merge,
  ...recurrent,
  ...attention,
};
