// The editor for network specs, as one thing to load.

import { yaml } from "@codemirror/lang-yaml";

export { mountEditor } from "../editor/mount.ts";
export const language = yaml();
