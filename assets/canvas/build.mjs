import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";

const modules = new URL("node_modules/", import.meta.url);
const dist = new URL("dist/", import.meta.url);

const styles = await build({
  entryPoints: ["src/canvas.css"],
  bundle: true,
  minify: true,
  write: false,
});

// Written into a new folder each time: NiceGUI names what it serves after the folder's age.
await rm(dist, { recursive: true, force: true });
await mkdir(dist);

await build({
  entryPoints: ["src/index.js"],
  outfile: "dist/index.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  legalComments: "none",
  define: {
    "process.env.NODE_ENV": '"production"',
    STYLES: JSON.stringify(styles.outputFiles[0].text),
  },
});

await writeFile(new URL("LICENSES.txt", dist), await licenses());

async function licenses() {
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8"));
  const shipped = Object.entries(packages).filter(([path, entry]) => path && !entry.dev && !entry.peer && !path.includes("@types/"));
  const texts = await Promise.all(shipped.map(([path, entry]) => license(path.replace("node_modules/", ""), entry)));
  return texts.join("\n\n----\n\n") + "\n";
}

async function license(name, { version, license: kind }) {
  const folder = new URL(`${name}/`, modules);
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? (await readFile(new URL(file, folder), "utf8")).trim() : "";
  return `${name} ${version} (${kind})\n\n${text}`.trim();
}
