// The text of a bundler's configuration with the plugin in it.

import type { Bundler, Entry } from "./bundlers.ts";

export interface SnippetForm {
  readonly isCommonJs: boolean;
  readonly isTyped: boolean;
}

/** The configuration with the plugin, whole: for a file that is there, what to add to it. */
export function pluginSnippet({ entry, shape }: Bundler, { isCommonJs, isTyped }: SnippetForm): string {
  const { imports = [], wrapper, isCall = false, type, options, typedOptions = [] } = shape;
  const lines = [...options, ...(isTyped ? typedOptions : [])].map((line) => `  ${line}`);
  const value = `{\n${lines.join("\n")}\n}`;
  const typed = isTyped && type !== undefined ? `${value} satisfies ${type[0]}` : value;
  const called = wrapper === undefined ? typed : `${wrapper}(${typed})`;
  const statements = isCommonJs
    ? [...imports.map(([name, module]) => `const { ${name} } = require("${module}");`), PLUGIN_REQUIRED(entry)]
    : [...imports.map(([name, module]) => `import { ${name} } from "${module}";`), PLUGIN_IMPORTED(entry)];
  if (isTyped && type !== undefined) statements.unshift(`import type { ${type[0]} } from "${type[1]}";`);
  return [...statements, "", `${prefixOf(isCall, isCommonJs)}${called};`].join("\n");
}

const PLUGIN_IMPORTED = (entry: Entry): string => `import wengert from "wengert/${entry}";`;
const PLUGIN_REQUIRED = (entry: Entry): string => `const { default: wengert } = require("wengert/${entry}");`; // an ES module, which require() returns whole

function prefixOf(isCall: boolean, isCommonJs: boolean): string {
  if (isCall) return isCommonJs ? "" : "await ";
  return isCommonJs ? "module.exports = " : "export default ";
}
