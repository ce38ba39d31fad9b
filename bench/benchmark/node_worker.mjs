// Worker of the benchmark: one extractor of Node.js; a page a line on stdin, its answer a line on stdout.
//
//     node node_worker.mjs LABEL
//
// Pages and answers are as python_worker.py tells. Nothing is fetched.
import { createInterface } from "node:readline";
import { Readability } from "@mozilla/readability";
import { Defuddle } from "defuddle/node";
import { JSDOM, VirtualConsole } from "jsdom";
import { parseHTML } from "linkedom";

for (const name of ["log", "info", "warn", "debug"]) console[name] = console.error;

const readabilityOf = (document) => {
  const found = new Readability(document).parse();
  return { html: found?.content ?? "", title: found?.title ?? null };
};

const EXTRACTORS = {
  "defuddle (linkedom)": async (html, url) => {
    const found = await Defuddle(parseHTML(html).document, url, { useAsync: false });
    return { html: found.content ?? "", title: found.title ?? null };
  },
  "Readability.js (jsdom)": async (html, url) => {
    const { window } = new JSDOM(html, { url, virtualConsole: new VirtualConsole() });
    try {
      return readabilityOf(window.document);
    } finally {
      window.close();
    }
  },
  "Readability.js (linkedom)": async (html) => readabilityOf(parseHTML(html).document),
};

const TWICE_BELOW = 50; // milliseconds, as in python_worker.py

async function tried(page, extract) {
  const began = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  try {
    const found = await extract(page.text, page.url || "https://example.org/article");
    return { ms: spent(), ...found };
  } catch (error) {
    return { ms: spent(), error: String(error).slice(0, 300) };
  }
}

async function answer(page, extract) {
  const first = await tried(page, extract);
  if (first.ms >= TWICE_BELOW) return first;
  const second = await tried(page, extract);
  return { ...first, ms: Math.min(first.ms, second.ms) };
}

const extract = EXTRACTORS[process.argv[2]];
process.stdout.write("{}\n"); // ready
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line), extract)) + "\n");
}
