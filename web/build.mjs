// Bundles src/ into dist/ and records the hashes of both, so that tests can tell without node
// whether dist/ was made from these sources. Run: npm ci && npm run build
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
mkdirSync(join(here, "dist"), { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { report: "src/main.ts" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome102", "firefox113", "safari16.4"],
  charset: "ascii", // The page is safe wherever it is pasted.
  legalComments: "none",
});
await build({
  absWorkingDir: here,
  entryPoints: ["src/report.css"],
  outdir: "dist",
  minify: true,
  target: ["chrome102", "firefox113", "safari16.4"],
});
copyFileSync(join(here, "src/report.html"), join(here, "dist/report.html"));
execFileSync("python3", [join(here, "check_dist.py"), "--write"], { stdio: "inherit" });
