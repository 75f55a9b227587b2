// The editor for TypeScript, as one thing to load.

import { javascript } from "@codemirror/lang-javascript";

export { mountEditor } from "./mount.ts";
export const language = javascript({ typescript: true });
