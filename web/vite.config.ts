// Bundles src/ into dist/ and records the hashes of both, so that tests can tell without node
// whether dist/ was made from these sources. Run: npm ci && npm run build
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;

export default defineConfig({
  root: here,
  build: {
    target: ["chrome102", "firefox113", "safari16.4"],
    outDir: "dist",
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: join(here, "src/main.ts"),
      output: { format: "iife", entryFileNames: "report.js", assetFileNames: "report[extname]" },
    },
  },
  // The page is safe wherever it is pasted: its program is ASCII.
  esbuild: { charset: "ascii", legalComments: "none" },
  plugins: [
    {
      name: "record",
      closeBundle() {
        copyFileSync(join(here, "src/report.html"), join(here, "dist/report.html"));
        execFileSync("python3", [join(here, "check_dist.py"), "--write"], { stdio: "inherit" });
      },
    },
  ],
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
