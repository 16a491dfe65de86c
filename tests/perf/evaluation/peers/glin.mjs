// Runs glin-profanity the way workers.py runs the Python peers: JSON lines in, JSON lines out.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "worker.cjs"));
const { Filter } = require("glin-profanity");

for await (const line of createInterface({ input: process.stdin })) {
  const { terms, texts } = JSON.parse(line);
  const filter = new Filter({
    languages: [],
    customWords: terms,
    detectLeetspeak: true,
    normalizeUnicode: true,
    wordBoundaries: true,
  });
  console.log(JSON.stringify(texts.map((text) => filter.isProfane(text))));
}
