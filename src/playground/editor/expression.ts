// The editor for expressions, as one thing to load.

import { completion } from "./completion.ts";
import { expressionLanguage } from "./language.ts";

export { mountEditor } from "./mount.ts";
export const language = [expressionLanguage, completion];
