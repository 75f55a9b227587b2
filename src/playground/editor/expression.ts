// The editor for expressions, as one thing to load.

export { mountEditor } from "./mount.ts";
export { expressionLanguage as language } from "./language.ts";
