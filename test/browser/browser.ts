// A real browser for tests, where one is installed, and the playground built and served for it. Nothing is fetched from anywhere else.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { preview } from "vite";
import { builtPlayground, CONFIG } from "./built.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Path of a Chromium: what CHROME_PATH says, else the first that is on the path. */
export const chromePath = findChrome();

function findChrome(): string | undefined {
  const asked = process.env["CHROME_PATH"];
  if (asked !== undefined && asked !== "") return asked;
  const folders = ["/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
}

/** Whether to leave browser tests out; says so once. */
export function skipsBrowser(): boolean {
  if (chromePath === undefined) console.log("no Chromium found (CHROME_PATH names one): browser tests are left out");
  return chromePath === undefined;
}

export interface Visit {
  readonly page: Page;
  /** Everything that a clean page has none of: errors in the console, exceptions, requests that failed or left for another host. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface Site {
  readonly address: string;
  /** Where the files are that it serves. */
  readonly folder: string;
  visit(options?: BrowserContextOptions & { readonly hash?: string }): Promise<Visit>;
  close(): Promise<void>;
}

/** Serves the built playground on a free port and starts a browser. */
export async function openSite(): Promise<Site> {
  const outDir = await builtPlayground();
  const server = await preview({
    configFile: CONFIG,
    logLevel: "warn",
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1" },
  });
  const address = server.resolvedUrls!.local[0]!;
  const browser = await chromium.launch({ executablePath: chromePath!, args: ["--no-sandbox"] });
  return {
    address,
    folder: outDir,
    visit: (options) => visit(browser, address, options),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

async function visit(
  browser: Browser,
  address: string,
  { hash = "", ...options }: Parameters<Site["visit"]>[0] = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) complaints.push(`left: ${request.url()}`);
  });
  page.setDefaultTimeout(15_000);
  await page.goto(address + hash);
  return { page, complaints, close: () => context.close() };
}
