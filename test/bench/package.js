// What is measured: the package as built. WENGERT_DIST names another build, to compare two.

import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const DIST = resolve(process.env.WENGERT_DIST ?? `${ROOT}/dist`);
export const PACKAGE = pathToFileURL(`${DIST}/index.js`).href;
