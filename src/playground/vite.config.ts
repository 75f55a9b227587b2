// How the playground is built and served: into files that any web server, or none of its own, can hand out.

import { defineConfig } from "vite";

/** The policy of index.html, with what only a header can say. Workers take theirs from the header of their own script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src data: blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  build: {
    outDir: "../../dist-playground",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: "es" },
  preview: { headers: { "Content-Security-Policy": POLICY } },
});
