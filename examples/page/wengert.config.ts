import { defineConfig } from "wengert/config";

// The page imports ./model.math itself, so all it needs on disk are the types of that import.
export default defineConfig({ inputs: "model.math", emit: "types", style: "tidy" });
