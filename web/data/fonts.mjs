// The fonts the page is drawn in, without the glyphs no text of it can need: from @fontsource (SIL Open
// Font License 1.1, no reserved name), shaping tables kept for the letters that stay.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import subset from 'subset-font';

const require = createRequire(import.meta.url);
const WEIGHTS = [400, 600];

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

/* Arabic, Persian and Urdu letters, signs, both kinds of digits; direction marks; what stands between words. */
const ARABIC = range(0x0600, 0x06ff) + range(0x200b, 0x200f) + range(0x2010, 0x2026) + range(0x2066, 0x2069) + range(0x20, 0x7e) + '\u00ab\u00bb\u00a0\u202f';

export async function fonts(out) {
    for (const weight of WEIGHTS) {
        const file = require.resolve(`@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff2`);
        const bytes = await subset(readFileSync(file), ARABIC, { targetFormat: 'woff2' });
        const name = `noto-sans-arabic-${weight}.woff2`;
        writeFileSync(out + name, bytes);
        console.log(`${name} ${(bytes.length / 1024).toFixed(0)} KiB`);
    }
}
