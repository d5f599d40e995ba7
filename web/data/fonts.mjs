// The fonts the page is drawn in, without the glyphs no text of it can need: from @fontsource (SIL Open
// Font License 1.1, no reserved name), shaping tables kept for the letters that stay.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import subset from 'subset-font';

const require = createRequire(import.meta.url);

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

/* Arabic, Persian and Urdu letters, signs, both kinds of digits; direction marks; what stands between words. */
const ARABIC = range(0x0600, 0x06ff) + range(0x200b, 0x200f) + range(0x2010, 0x2026) + range(0x2066, 0x2069) + range(0x20, 0x7e) + '\u00ab\u00bb\u00a0\u202f';
/* The letters of European languages apart from those of all others that are written in Latin: names of places on the first map need them. */
const EUROPE = range(0x0100, 0x017f);
const LATIN = range(0x20, 0x7e) + range(0xa0, 0xff) + range(0x2000, 0x206f) + '\u0131\u0152\u0153\u02bb\u02bc\u02c6\u02da\u02dc\u0304\u0308\u0329\u20ac\u2122\u2191\u2193\u2212\u2215\ufffd';

const KEPT = [
    ...[400, 600].map((weight) => ['arabic', 'noto-sans-arabic', 'arabic', weight, ARABIC]),
    ...[400, 500, 600].flatMap((weight) => [['latin', 'noto-sans', 'latin', weight, LATIN], ['europe', 'noto-sans', 'latin-ext', weight, EUROPE]]),
];

/* Small capitals and the like are left out of what is written in Latin; Arabic letters join by the same tables. */
export async function fonts(out) {
    for (const [kept, family, script, weight, letters] of KEPT) {
        const file = require.resolve(`@fontsource/${family}/files/${family}-${script}-${weight}-normal.woff2`);
        const bytes = await subset(readFileSync(file), letters, { targetFormat: 'woff2', noLayoutClosure: kept !== 'arabic' });
        const name = `noto-sans-${kept}-${weight}.woff2`;
        writeFileSync(out + name, bytes);
        console.log(`${name} ${(bytes.length / 1024).toFixed(0)} KiB`);
    }
}
