// Twins of the built files in brotli and gzip, which the server sends to whoever takes them. What was
// packed before is kept by its content, so that a build packs only what is new.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const kept = fileURLToPath(new URL('./out/packed/', import.meta.url));
const LEAST_BYTES = 1024;
const LARGE_BYTES = 4 << 20; // packed less hard: it is asked for last, and would take half a minute

const quality = (n) => ({ params: { [constants.BROTLI_PARAM_QUALITY]: n > LARGE_BYTES ? 9 : 11, [constants.BROTLI_PARAM_SIZE_HINT]: n } });
const packers = {
    br: (bytes) => promisify(brotliCompress)(bytes, quality(bytes.length)),
    gz: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

async function pack(file) {
    const bytes = readFileSync(file);
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 24);
    for (const [ending, packed] of Object.entries(packers)) {
        const at = `${kept}${digest}.${ending}`;
        if (!existsSync(at)) writeFileSync(at, await packed(bytes));
        if (statSync(at).size < bytes.length) copyFileSync(at, `${file}.${ending}`);
    }
}

mkdirSync(kept, { recursive: true });
const files = readdirSync(dist, { recursive: true }).map((f) => dist + f);
const plain = files.filter((f) => statSync(f).isFile() && !/\.(woff2|br|gz|png)$/.test(f) && statSync(f).size >= LEAST_BYTES);
await Promise.all(plain.map(pack));
