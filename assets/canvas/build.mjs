import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";

const modules = new URL("node_modules/", import.meta.url).pathname;

await bundle("src/index.js", "src/canvas.css", "dist");
await script("src/tidyWorker.js", "dist/tidy.js");
await writeFile("dist/LICENSES.txt", await licenses());
await bundle("../../tests/bench/_bare_canvas/bare.jsx", `${modules}@xyflow/react/dist/style.css`, "../../tests/bench/_bare_canvas/dist");

async function bundle(entry, styles, folder) {
  const css = await build({ entryPoints: [styles], bundle: true, minify: true, write: false });
  // Written into a new folder each time: NiceGUI names what it serves after the folder's age.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await script(entry, `${folder}/index.js`, { STYLES: JSON.stringify(css.outputFiles[0].text) });
}

async function script(entry, outfile, words = {}) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    legalComments: "none",
    nodePaths: [modules],
    define: { "process.env.NODE_ENV": '"production"', ...words },
  });
}

async function licenses() {
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8"));
  const shipped = Object.entries(packages).filter(([path, entry]) => path && !entry.dev && !entry.peer && !path.includes("@types/"));
  const texts = await Promise.all(shipped.map(([path, entry]) => license(path.replace("node_modules/", ""), entry)));
  return texts.join("\n\n----\n\n") + "\n";
}

async function license(name, { version, license: kind }) {
  const file = (await readdir(modules + name)).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? (await readFile(`${modules}${name}/${file}`, "utf8")).trim() : "";
  return `${name} ${version} (${kind})\n\n${text}`.trim();
}
