import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../src/data/fault';
import { changed, normal, shownValue, SUMMARY, valuesOf } from '../src/pages/operation/edit_model';
import { fieldsOf, ITEMS, KINDS, UNITS } from '../src/pages/operation/items';
import { later as en } from '../src/words/en/later';
import { speak, speakPages, t } from '../src/words';

const from = (path: string) => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');

describe('the fields of items', () => {
    const def = from('operation/item.def');
    const kinds = new Map([...def.matchAll(/^ITEM\((\w+), "(\w+)"/gm)].map((m) => [m[1], m[2]]));
    it('are those the server has, in its order', () => {
        const theirs = [...def.matchAll(/^FIELD\((\w+), \w+, "(\w+)", (\w+), (?:UNIT_KEYS|"([^\n]*)"), ([01])\)$/gm)].map((m) => `${kinds.get(m[1])}.${m[2]} ${m[3].toLowerCase()} ${m[5]} ${m[3] === 'WORD' ? m[4] : ''}`);
        const ours = KINDS.flatMap((k) => fieldsOf(k).map((f) => `${k}.${f.name} ${f.type} ${f.needed ? 1 : 0} ${f.words?.join('|') ?? ''}`));
        expect(theirs.length).toBeGreaterThan(90);
        expect(ours).toEqual(theirs);
    });
    it('have units the server has', () => {
        expect([...from('operation/unit.def').matchAll(/^UNIT\(\w+,\s*"([^"]+)"/gm)].map((m) => m[1])).toEqual([...UNITS]);
    });
    it('have words, as have the words they may be', () => {
        for (const k of KINDS)
            for (const f of fieldsOf(k)) {
                expect(en, f.name).toHaveProperty([`item.${f.name}`]);
                for (const w of f.words ?? []) expect(en, w).toHaveProperty([`term.${w}`]);
            }
    });
    it('and the lists of what there is name fields there are', () => {
        for (const k of KINDS) for (const f of SUMMARY[k]) expect(ITEMS[k].map((o) => o.name), k).toContain(f);
    });
});

describe('what is written', () => {
    it('goes to the server as it reads it', async () => {
        await speak('fr');
        expect(normal({ type: 'number' }, '40,8')).toBe('40.8');
        expect(normal({ type: 'number' }, '−5')).toBe('-5');
        await speak('ar');
        await speakPages();
        expect(normal({ type: 'number' }, '٤٢٠')).toBe('420');
        expect(normal({ type: 'number' }, '٤٠٫٨')).toBe('40.8');
        expect(normal({ type: 'number' }, '1,593')).toBe('1,593'); // which of the two it is, is not ours to guess
        expect(normal({ type: 'instant' }, '2024-07-20 12:00')).toBe('2024-07-20T12:00:00Z');
        expect(normal({ type: 'instant' }, '2024-09-15T23:59:59+01:00')).toBe('2024-09-15T23:59:59+01:00');
        expect(normal({ type: 'instant' }, '2024-06-07')).toBe('2024-06-07');
        expect(normal({ type: 'countries' }, 'us، fr')).toBe('US,FR');
        expect(normal({ type: 'hexes' }, 'AEFC10')).toBe('aefc10');
        for (const type of ['number', 'instant', 'place', 'types'] as const) expect(normal({ type }, ' '), type).toBe('');
        expect(normal({ type: 'text' }, ' a, b ')).toBe('a, b');
    });
    it('is sent where it differs', () => {
        const was = valuesOf('line', { key: 'L1', what: 'vehicles', quantity: 420, unit: 't', from: 'DRRN', sensitive: true });
        expect(was.sensitive).toBe('yes');
        expect(changed(was, { ...was, quantity: '400', to: 'ETAR' })).toEqual({ quantity: '400', to: 'ETAR' });
    });
});

describe('refusals', () => {
    it('are said in the reader’s language, with what varies', async () => {
        await speakPages();
        await speak('fr');
        expect(new Refusal(400, { code: 'negative', field: 'quantity', said: ['-5', ''], error: 'quantity: …' }).message).toBe('-5 est négatif\u202f; il faut 0 ou plus.');
        const faster = new Refusal(409, { code: 'changed', field: 'version', said: ['line', 'L1', 'Amina', '2024-07-20T12:00:00Z', '17'] });
        expect(faster.message).toContain('Amina a modifié L1 (ligne de besoin) le 20 juil. 2024 12:00Z');
        await speak('ar');
        expect(new Refusal(409, { code: 'clearance_clash', said: ['C1', 'approved', '2024-06-07', ''] }).message).toContain('موافق عليه');
        await speak('en');
        expect(new Refusal(503, { code: 'not_available', error: 'the disk is full' }).message).toBe('The server cannot answer just now. Try again in a moment. \u2068the disk is full\u2069');
        expect(new Refusal(400, { code: 'of_tomorrow', error: 'as it is' }).message).toBe('as it is');
        expect(new Refusal(502, {}).message).toBe('HTTP 502');
        expect(new Refusal(0, { code: 'unreachable' }).message).toBe('The server does not answer.');
    });
    it('have words for each name the server has', () => {
        const names = [...from('serve/fault.def').matchAll(/^FAULT\((\w+),/gm)].map((m) => m[1]).concat([...from('serve/fault.c').matchAll(/\{\d{3}, "(\w+)"\}/g)].map((m) => m[1]));
        expect(names.length).toBeGreaterThan(60);
        for (const name of names) expect(en, name).toHaveProperty([`fault.${name}`]);
    });
    it('show a value as a reader reads it', () => {
        expect(shownValue('line', 'quantity', { key: 'L', quantity: 1593, unit: 't' })).toBe('1,593 metric tons');
        expect(shownValue('clearance', 'state', { key: 'C', state: 'approved' })).toBe('approved');
    });
});

describe('French places', () => {
    it('lose the e of “de” before a vowel', async () => {
        await speak('fr');
        expect(t('say.tookOff', 'probable', 'Agadez')).toBe('a probablement décollé d’Agadez');
        expect(t('say.tookOff', 'inferred', 'Niamey')).toBe('a décollé de Niamey (déduit)');
        expect(t('say.landed', 'unknown', '\u2066Abidjan\u2069')).toContain('près d’\u2066Abidjan');
    });
});
