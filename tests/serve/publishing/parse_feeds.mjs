// Prints what rss-parser and feedsmith read in the feeds at the paths given: [{feedsmith, rssParser}].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/package.json");
const { parseFeed } = require("feedsmith");
const Parser = require("rss-parser");
const found = [];
for (const path of process.argv.slice(3)) {
  const text = readFileSync(path, "utf8");
  const rssParser = path.endsWith(".json") ? null : await new Parser().parseString(text);
  found.push({ feedsmith: parseFeed(text).feed, rssParser });
}
console.log(JSON.stringify(found));
