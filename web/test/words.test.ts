import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { en as enFirst } from '../src/words/en';
import { later as enLater } from '../src/words/en/later';
import { ar as arFirst } from '../src/words/ar';
import { later as arLater } from '../src/words/ar/later';
import { fr as frFirst } from '../src/words/fr';
import { later as frLater } from '../src/words/fr/later';
import { LANGUAGES, preferred } from '../src/words';

const en = { ...enFirst, ...enLater };
const ar = { ...arFirst, ...arLater };
const fr = { ...frFirst, ...frLater };

const rows = (file: string, macro: string, column: number) =>
    [...readFileSync(new URL(`../../src/model/${file}`, import.meta.url), 'utf8').matchAll(new RegExp(`^${macro}\\((.*)\\)$`, 'gm'))]
        .map((m) => m[1].split(',')[column].trim().replace(/"/g, ''));

describe('message table', () => {
    for (const [language, words] of Object.entries({ ar, en, fr })) {
        it(`${language} has every text, and no other`, () => {
            expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
        });
        it(`${language} has no empty text and the same kind of each`, () => {
            for (const [key, entry] of Object.entries(words)) {
                expect(typeof entry, key).toBe(typeof en[key as keyof typeof en]);
                if (typeof entry === 'string') expect(entry.trim(), key).not.toBe('');
                else expect(entry.length, key).toBe((en[key as keyof typeof en] as (...a: never[]) => string).length);
            }
        });
    }
    it('names every quantity kept for an aircraft', () => {
        const text = readFileSync(new URL('../../src/model/field.def', import.meta.url), 'utf8');
        const tracked = text.slice(0, text.lastIndexOf('\nFIELD_TRACKED_END\n'));
        const keys = [...tracked.matchAll(/^FIELD\(\w+,\s*"([^"]+)"/gm)].map((m) => m[1]);
        expect(keys.length).toBeGreaterThan(40);
        for (const key of keys) expect(en, key).toHaveProperty([`field.${key}`]);
    });
    it('names every origin and every reason to reject a position', () => {
        for (const type of rows('origin.def', 'ORIGIN', 1)) expect(en, type).toHaveProperty([`origin.${type}`]);
        for (const key of rows('verdict.def', 'VERDICT', 1).filter((k) => k !== 'accepted')) expect(en, key).toHaveProperty([`verdict.${key}`]);
    });
});

describe('the ledger’s words', () => {
    for (const [macro, prefix] of [['CLAIM_KIND', 'claim'], ['CLAIM_METHOD', 'method'], ['CLAIM_RULE', 'rule']])
        it(`are all there: ${macro}`, () => {
            const keys = rows('claim.def', macro, 1);
            expect(keys.length).toBeGreaterThan(8);
            for (const key of keys) expect(en, key).toHaveProperty([`${prefix}.${key}`]);
        });
});

describe('languages', () => {
    it('every one of them is read when it is chosen', async () => {
        for (const [l, words] of Object.entries({ ar, en, fr })) expect({ ...(await LANGUAGES[l as 'ar'].load()), ...(await LANGUAGES[l as 'ar'].later()) }).toEqual(words);
    });
    it('what only pages say is said by no other file, and put together from what a server sends by pages alone', () => {
        const dir = new URL('../src/', import.meta.url);
        const desk = (readdirSync(dir, { recursive: true }) as string[]).filter((f) => /\.tsx?$/.test(f) && !/^words./.test(f) && (!/^pages./.test(f) || f === 'pages/index.ts'));
        for (const file of desk) {
            const text = readFileSync(new URL(file, dir), 'utf8');
            expect(Object.keys(enLater).filter((k) => text.includes(`'${k}'`)), file).toEqual([]);
        }
        expect(Object.keys(enLater).filter((k) => /^(field|origin|verdict|category|emergency|word|theme|kind|claim|method|sure|say|count|layer|page)\./.test(k))).toEqual([]);
    });
    it('the browser’s first that is spoken here is taken', () => {
        expect(preferred(['de-DE', 'fr-CA', 'en'])).toBe('fr');
        expect(preferred(['ar-EG'])).toBe('ar');
        expect(preferred(['ja'])).toBe('en');
        expect(preferred([])).toBe('en');
    });
    it('Arabic has a form for each count its grammar tells apart, each with its number in an isolate', () => {
        const words = ar;
        const forms = [0, 1, 2, 3, 11, 100].map((n) => words['table.rows'](n, n));
        expect(new Set(forms).size).toBe(6);
        expect(forms[3]).toBe('\u20663\u2069 صفوف');
        expect(forms[4]).toBe('\u206611\u2069 صفاً');
    });
    it('French counts 0 and 1 alike and keeps narrow spaces in thousands', () => {
        const words = fr;
        expect(words['table.rows'](0, 0)).toBe('0 ligne');
        expect(words['table.rows'](1234, 1234)).toBe('1\u202f234 lignes');
    });
    it('no punctuation of French stands after a plain space', () => {
        for (const [key, entry] of Object.entries(fr)) if (typeof entry === 'string') expect(entry, key).not.toMatch(/ [:;?%»]|« /);
    });
    it('no Latin letters or digits stand bare in an Arabic sentence', () => {
        const bare = /^(field|origin|unit|settings|filter\.typeHint|filter\.rebroadcast|key\.minute|page\.|lang)/;
        for (const [key, entry] of Object.entries(ar))
            if (typeof entry === 'string' && !bare.test(key)) expect(entry.replace(/\u2066[^\u2069]*\u2069/g, ''), key).not.toMatch(/[A-Za-z0-9]/);
    });
});

describe('the source', () => {
    it('uses every text there is', async () => {
        const dir = new URL('../src/', import.meta.url);
        const files = (readdirSync(dir, { recursive: true }) as string[]).filter((f) => /\.tsx?$/.test(f) && !/^words./.test(f));
        const text = files.map((f) => readFileSync(new URL(f, dir), 'utf8')).join('');
        const isMade = (key: string) => key.split('.').some((_, n, parts) => n > 0 && text.includes(`\`${parts.slice(0, n).join('.')}.\${`)); // from what the server sends
        expect(Object.keys(en).filter((k) => !text.includes(`'${k}'`) && !isMade(k))).toEqual([]);
    });
    it('keeps its texts in the message table: no words between tags', async () => {
        const dir = new URL('../src/', import.meta.url);
        for (const file of (readdirSync(dir, { recursive: true }) as string[]).filter((f) => f.endsWith('.tsx'))) {
            const text = readFileSync(new URL(file, dir), 'utf8');
            const loose = [...text.matchAll(/>\s*([A-Za-z][a-z]+(?: [a-z]+)+)\s*</g)].map((m) => m[1]);
            expect(loose, file).toEqual([]);
        }
    });
    it('is laid out with logical properties', () => {
        const css = readFileSync(new URL('../src/style/desk.css', import.meta.url), 'utf8');
        const physical = [...css.matchAll(/[{;]\s*((?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right|top|bottom|width|height))\s*:/g)].map((m) => m[1]);
        // The tag stands beside a silhouette, which is not mirrored.
        expect(physical).toEqual(['left', 'margin-left']);
    });
});
