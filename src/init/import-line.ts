// The source that first steps speak of, and how code imports what comes of it, which depends on who resolves imports there.

import { posix, sep } from "node:path";
import { EXAMPLE } from "./example.ts";
import { below } from "./folders.ts";
import { planFiles } from "../project/plan.ts";
import { stemOf } from "../project/source-file.ts";
import type { Survey } from "./survey.ts";

/** A source that the steps speak of: the example, or the first that was there. */
export interface Subject {
  readonly file: string;
  readonly folder: string;
  /** Names to import, or undefined to import everything. */
  readonly gradient: string | undefined;
  /** A line that uses what was imported. */
  readonly call: string | undefined;
}

export function subjectOf({ sources, sourceFolder, gradient }: Survey): Subject {
  const [first] = sources;
  if (first !== undefined) return { file: first, folder: posix.dirname(first), gradient, call: undefined };
  const { file, call } = EXAMPLE;
  return { file: below(sourceFolder, file), folder: sourceFolder, gradient: EXAMPLE.gradient, call };
}

/** What `gen` writes for a source. */
export function generatedFile({ folder }: Survey, source: string, emit: "module" | "types"): string {
  const { jobs } = planFiles([source], { cwd: folder, overrides: { emit }, force: true });
  return jobs[0]!.outputs[0]!.shown.split(sep).join("/");
}

/** JavaScript cannot import the module that `gen` writes where the bundler does not read TypeScript: there, sources are imported themselves. */
export function importsSources(survey: Survey): boolean {
  const { language, bundlers } = survey;
  const needsPlugin = language === "javascript" && bundlers.some(({ bundler }) => bundler.bundles && !bundler.readsTypeScript);
  return needsPlugin && isImportable(subjectOf(survey).file);
}

/** To bundlers, JSON is data. */
export function isImportable(file: string): boolean {
  return !/\.json$/i.test(file);
}

export function isBundled({ bundlers }: Survey): boolean {
  return bundlers.some(({ bundler }) => bundler.bundles);
}

/** No compiler is set up, so Node or something like it reads the TypeScript as it is. */
export function runsUncompiled(survey: Survey): boolean {
  return survey.typescript === undefined && !isBundled(survey);
}

/** Of the module that `gen` writes. */
export function moduleImport(survey: Survey, subject: Subject): string {
  const ending = IMPORT_ENDINGS.find(({ when }) => when(survey))!.ending; // the last one holds always
  return importLine(survey, subject, `./${posix.basename(generatedFile(survey, subject.file, "module"), ".ts")}${ending}`);
}

/** Of the source itself, through the plugin. */
export function sourceImport(survey: Survey, subject: Subject): string {
  return importLine(survey, subject, `./${posix.basename(subject.file)}`);
}

/** How a TypeScript module is called where it is imported: the first that applies. */
const IMPORT_ENDINGS: readonly { readonly ending: ".ts" | ".js" | ""; readonly when: (survey: Survey) => boolean }[] = [
  { ending: ".ts", when: ({ language }) => language === "javascript" }, // nothing would translate the name
  { ending: ".ts", when: ({ packageManager }) => packageManager.agent === "deno" },
  { ending: ".ts", when: ({ typescript }) => typescript?.allowTsEndings === true },
  { ending: ".js", when: ({ typescript }) => /^node(16|next)$/.test(typescript?.moduleResolution ?? "") },
  { ending: "", when: isBundled },
  { ending: ".ts", when: runsUncompiled },
  { ending: ".js", when: ({ packageJson }) => packageJson?.type === "module" }, // Node looks for no endings in modules
  { ending: "", when: () => true },
];

function importLine({ language, packageJson, bundlers }: Survey, { file, gradient }: Subject, specifier: string): string {
  const isCommonJs = language === "javascript" && packageJson?.type !== "module" && bundlers.length === 0;
  const names = gradient === undefined ? undefined : `{ ${gradient} }`;
  const whole = identifier(stemOf(file));
  return isCommonJs
    ? `const ${names ?? whole} = require("${specifier}");`
    : `import ${names ?? `* as ${whole}`} from "${specifier}";`;
}

/** `two-layer` becomes `twoLayer`. */
function identifier(stem: string): string {
  const word = stem.replace(/[^\p{ID_Continue}$]+(.)?/gu, (_, next: string | undefined) => next?.toUpperCase() ?? "");
  return /^[\p{ID_Start}_$]/u.test(word) ? word : `_${word}`;
}
