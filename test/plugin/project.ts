// A project in a folder of its own, for tests of the plugin: files, and what was written beside them.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export interface TestProject {
  readonly root: string;
  write(name: string, text: string): void;
  read(name: string): string;
  has(name: string): boolean;
}

export const S7 = "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)\n";

export function createProject(files: Readonly<Record<string, string>>): TestProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "wengert-project-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "node_modules"));
  symlinkSync(join(import.meta.dirname, "../.."), join(root, "node_modules/wengert"));
  const project: TestProject = {
    root,
    write(name, text) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    },
    read: (name) => readFileSync(join(root, name), "utf8"),
    has: (name) => existsSync(join(root, name)),
  };
  project.write("package.json", JSON.stringify({ name: "project", private: true, type: "module" }));
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  return project;
}
