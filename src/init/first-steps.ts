// What a developer does after `gen init`, for what was found: commands and edits as data. How they are printed is the command line's affair.

import type { FoundBundler } from "./find-bundlers.ts";
import {
  generatedFile,
  importsSources,
  isBundled,
  moduleImport,
  runsUncompiled,
  sourceImport,
  subjectOf,
  isImportable,
  type Subject,
} from "./import-line.ts";
import { wordsOf, type Words } from "./package-managers.ts";
import { pluginSnippet } from "./plugin-snippet.ts";
import type { Survey } from "./survey.ts";

export type Step = Command | Edit | Note;

export interface Command {
  readonly kind: "command";
  readonly purpose: "start" | "install" | "generate" | "check";
  readonly command: string;
  /** Why, or what comes of it. */
  readonly comment?: string;
}

export interface Edit {
  readonly kind: "edit";
  readonly purpose: "import" | "plugin" | "compiler option" | "setting";
  /** Where, in words. */
  readonly place: string;
  /** Where that is one file. */
  readonly file?: string;
  readonly language: "typescript" | "javascript" | "json";
  readonly code: string;
}

export interface Note {
  readonly kind: "note";
  readonly text: string;
}

export interface FirstSteps {
  /** In order. */
  readonly required: readonly Step[];
  /** For builds that write what is stale by themselves. */
  readonly plugin: readonly Step[];
  /** After these, for importing a source itself instead of the module written for it. */
  readonly direct: readonly Step[];
}

export function firstSteps(survey: Survey, configurationName: string): FirstSteps {
  const subject = subjectOf(survey);
  const needsPlugin = importsSources(survey);
  const plugin = pluginSteps(survey);
  const check: Command = {
    kind: "command",
    purpose: "check",
    command: wordsFor(survey).gen("--check"),
    comment: "in CI: fails where something is stale",
  };
  return {
    required: [
      ...beginning(survey),
      ...(needsPlugin ? plugin : []),
      generate(survey, subject, needsPlugin ? "types" : "module"),
      importStep(survey, subject, needsPlugin ? sourceImport(survey, subject) : moduleImport(survey, subject)),
      check,
      ...notes(survey, subject),
    ],
    plugin: needsPlugin ? [] : plugin,
    direct:
      !needsPlugin && isBundled(survey) && isImportable(subject.file) ? directSteps(survey, subject, configurationName) : [],
  };
}

function wordsFor({ packageManager, workspace, packageJson }: Survey): Words {
  return wordsOf({
    agent: packageManager.agent,
    isWorkspaceRoot: workspace === ".",
    hasGenScript: packageJson?.scripts["gen"] !== undefined,
  });
}

function generate(survey: Survey, { file }: Subject, emit: "module" | "types"): Command {
  const comment = `writes ${generatedFile(survey, file, emit)}`;
  return { kind: "command", purpose: "generate", command: wordsFor(survey).gen(), comment };
}

function beginning(survey: Survey): Step[] {
  const { packageJson, packageAbove, isInstalled } = survey;
  const words = wordsFor(survey);
  const start = packageJson === undefined ? words.start : [];
  const above: Note = {
    kind: "note",
    text: `There is no package.json here, but there is one in ${packageAbove}: if that is the project, start there.`,
  };
  return [
    ...(packageAbove === undefined ? [] : [above]),
    ...start.map((command): Step => ({ kind: "command", purpose: "start", command })),
    ...(isInstalled ? [] : [{ kind: "command", purpose: "install", command: words.install } as const]),
  ];
}

function importStep({ language }: Survey, { file, folder, call }: Subject, line: string): Edit {
  const place = folder === "." ? `in a file beside ${file}` : `in a file of ${folder}/`;
  return { kind: "edit", purpose: "import", place, language, code: call === undefined ? line : `${line}\n${call}` };
}

function notes(survey: Survey, subject: Subject): Note[] {
  const facts: readonly (readonly [holds: boolean, text: string])[] = NOTES.map(({ when, text }) => [
    when(survey),
    text(survey, subject),
  ]);
  const problems = (survey.typescript?.problems ?? []).map((problem) => `Not read: ${problem}`);
  return [...facts.filter(([holds]) => holds).map(([, text]) => text), ...problems].map((text) => ({ kind: "note", text }));
}

interface NoteRow {
  readonly when: (survey: Survey) => boolean;
  readonly text: (survey: Survey, subject: Subject) => string;
}

/** Run TypeScript themselves. */
const READS_TYPESCRIPT: ReadonlySet<string> = new Set(["bun", "deno"]);

const NOTES: readonly NoteRow[] = [
  {
    when: (survey) => runsUncompiled(survey) && !READS_TYPESCRIPT.has(survey.packageManager.agent),
    text: (survey, { file }) => `Node 22.18 and later run ${generatedFile(survey, file, "module")} as it is.`,
  },
  {
    when: (survey) =>
      runsUncompiled(survey) && survey.packageJson?.type === "commonjs" && !READS_TYPESCRIPT.has(survey.packageManager.agent),
    text: () =>
      'For that, take "type": "commonjs" out of package.json (it is the default), or Node takes the module for CommonJS.',
  },
  {
    when: ({ configurationAbove }) => configurationAbove !== undefined,
    text: ({ configurationAbove }) => `${configurationAbove} held for this folder until now; in it, this one counts.`,
  },
];

/** The plugin in every configuration that was found or would be read. */
function pluginSteps(survey: Survey): Step[] {
  return survey.bundlers.flatMap((found): Step[] => {
    const file = found.file ?? configName(found, survey);
    const isTyped = /ts$/.test(file);
    const { bundler, isCommonJs } = found;
    const edit: Edit = {
      kind: "edit",
      purpose: "plugin",
      place: found.file === undefined ? `in a new ${file}` : `in ${file}, with what is there`,
      file,
      language: isTyped ? "typescript" : "javascript",
      code: pluginSnippet(bundler, { isCommonJs, isTyped }),
    };
    return bundler.note === undefined ? [edit] : [edit, { kind: "note", text: bundler.note }];
  });
}

function configName({ bundler }: FoundBundler, { language, packageJson }: Survey): string {
  if (bundler.readsTypedConfig && language === "typescript") return `${bundler.config}.ts`;
  return `${bundler.config}.${packageJson?.type === "module" ? "js" : "mjs"}`;
}

function directSteps(survey: Survey, subject: Subject, configurationName: string): Step[] {
  const setting: Edit = {
    kind: "edit",
    purpose: "setting",
    place: `in ${configurationName}`,
    file: configurationName,
    language: survey.language,
    code: 'emit: "types",',
  };
  return [
    ...compilerOptionSteps(survey),
    setting,
    generate(survey, subject, "types"),
    importStep(survey, { ...subject, call: undefined }, sourceImport(survey, subject)),
  ];
}

/** TypeScript asks for the types of `./loss.math` in `./loss.d.math.ts` only where it is told to. */
function compilerOptionSteps(survey: Survey): Edit[] {
  const { language, typescript } = survey;
  const isInPlugin = pluginSteps(survey).some((step) => step.kind === "edit" && step.code.includes(ARBITRARY));
  if (language === "javascript" || typescript?.allowArbitraryExtensions || isInPlugin) return [];
  const file = typescript?.file ?? "tsconfig.json";
  const place = `in ${file}, among the compiler options`;
  return [{ kind: "edit", purpose: "compiler option", place, file, language: "json", code: `"${ARBITRARY}": true` }];
}

const ARBITRARY = "allowArbitraryExtensions";
