// Runs before anything is installed, so with Node alone: dependencies where package-lock.json changed, then the compiler.
const { spawnSync } = require("node:child_process");
const { existsSync, statSync } = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(`Node.js ${process.versions.node} is too old: Clocker needs 20 or newer`);
  process.exit(1);
}

function run(what, args) {
  console.log(`> ${what}`);
  const result = spawnSync("npm", args, { cwd: root, stdio: "inherit" });
  if (result.status !== 0) {
    console.error(`${what} failed (npm ${args.join(" ")})`);
    process.exit(result.status ?? 1);
  }
}

const marker = path.join(root, "node_modules", ".package-lock.json");
const lock = path.join(root, "package-lock.json");
if (!existsSync(marker) || statSync(marker).mtimeMs < statSync(lock).mtimeMs) {
  run("installing dependencies", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
}
run("compiling", ["run", "--silent", "build"]);
