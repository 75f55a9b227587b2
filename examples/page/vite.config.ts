import { defineConfig } from "vite";
import wengert from "wengert/vite";

export default defineConfig({ plugins: [wengert()] });
