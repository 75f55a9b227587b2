// The files that `gen init` writes: a configuration, and an example where there is no source yet.

import { join } from "node:path";
import { escapePath } from "tinyglobby";
import { EXAMPLE } from "./example.ts";
import { below } from "./folders.ts";
import { generatedFile, importsSources, subjectOf } from "./import-line.ts";
import type { OutputFile } from "../project/outputs.ts";
import type { Survey } from "./survey.ts";

export interface FirstFiles {
  readonly configuration: OutputFile;
  /** For a project without sources. */
  readonly example: OutputFile;
}

/** `configurationName`: where it is not to be the usual one. */
export function firstFiles(survey: Survey, configurationName = usualConfigurationName(survey)): FirstFiles {
  const fileIn = (shown: string, text: string): OutputFile => ({ path: join(survey.folder, shown), shown, text });
  return {
    configuration: fileIn(configurationName, configurationText(survey)),
    example: fileIn(below(survey.sourceFolder, EXAMPLE.file), EXAMPLE.text),
  };
}

/** `.mts` and `.mjs` where a plain ending would mean CommonJS, in which wengert cannot be imported. */
export function usualConfigurationName({ language, typescript, packageJson }: Survey): string {
  const isModule = packageJson?.type === "module";
  if (language === "javascript") return isModule ? "wengert.config.js" : "wengert.config.mjs";
  const obeysType = /^node(16|next)$/.test(typescript?.moduleResolution ?? "");
  return obeysType && !isModule ? "wengert.config.mts" : "wengert.config.ts";
}

function configurationText(survey: Survey): string {
  const globs = inputGlobs(survey).map((glob) => JSON.stringify(glob));
  return `${[
    "// What `gen` compiles, and how. An editor shows what else there is to set.",
    'import { defineConfig } from "wengert/config";',
    "",
    "export default defineConfig({",
    `  inputs: [${globs.join(", ")}],`,
    '  // style: "tidy", // the same mathematics in fewer lines; without it, "staged" shows every step',
    ...outputLines(survey).map((line) => `  ${line}`),
    "});",
  ].join("\n")}\n`;
}

function outputLines(survey: Survey): string[] {
  if (importsSources(survey)) {
    const types = generatedFile(survey, subjectOf(survey).file, "types");
    return [`emit: "types", // the plugin compiles what code imports; this writes its types, ${types}`];
  }
  const folder = below(survey.sourceFolder, "generated");
  return [
    `// out: "${folder}", // a folder for what is generated; without it, it stands beside its source`,
    '// emit: "types", // for code that imports sources themselves, through the plugin of a bundler',
  ];
}

/** More folders than this are no longer listed one by one. */
const MOST_FOLDERS = 4;

/** Of the source folder, and of every other that holds sources already. */
function inputGlobs({ sourceFolder, sources }: Survey): string[] {
  const isHome = (source: string): boolean => sourceFolder === "." || source.startsWith(`${sourceFolder}/`);
  const others = [...new Set(sources.filter((source) => !isHome(source)).map(topFolder))];
  const folders = others.length > MOST_FOLDERS ? ["."] : [sourceFolder, ...others];
  const network = sources.some((source) => /\.net\.(yml|json)$/i.test(source)) ? "*.net.{yaml,yml,json}" : "*.net.yaml";
  return folders.flatMap((folder) => ["*.math", network].map((name) => globIn(folder, name)));
}

/** Empty for a file at the top. */
function topFolder(source: string): string {
  return source.includes("/") ? source.split("/", 1)[0]! : "";
}

function globIn(folder: string, name: string): string {
  if (folder === "") return name;
  return folder === "." ? `**/${name}` : `${folder.split("/").map(escapePath).join("/")}/**/${name}`;
}
