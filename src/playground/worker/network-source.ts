// Network specs, as one thing to load.

import "./plain-schemas.ts";

export { compileNetwork as compileSpec } from "../../compiler/network-source.ts";
