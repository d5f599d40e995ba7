// An item of an operation as a form holds it: texts, as the server takes them.
import { dateAndTime, grouped } from '../../format';
import { readInstant, writeInstant } from '../../instant';
import { countryName } from '../../names';
import { language, t, tOr, type MessageKey } from '../../words';
import { unitName } from './charts';
import { fieldsOf, isKind, type Field, type Kind } from './items';
import { inLanguage } from './model';

export type Item = Record<string, string | number | boolean | undefined> & { key: string };
export interface Versioned {
    version: number;
    item: Item;
}
export type Values = Record<string, string>;
export interface Change {
    change: number;
    kind: string;
    key: string;
    before: Item | null;
    after: Item | null;
    author: string;
    at: string;
    reason: string;
    undoes?: number;
}

/* What the list of a kind shows of each. */
export const SUMMARY: Record<Kind, string[]> = {
    operation: ['name', 'deadline'], base: ['name', 'role', 'as_of'], line: ['what', 'quantity', 'from', 'priority'], clearance: ['country', 'use', 'state', 'from', 'to'], rule: ['mode', 'before_h', 'after_h'],
    claim: ['text', 'by', 'published'], factor: ['type', 'edition', 'payload'], tail: ['registration', 'type', 'operator'], correction: ['action', 'reason'], sighting: ['what', 'place', 'at', 'by'],
};

const written = (v: Item[string]) => (v === undefined ? '' : v === true ? 'yes' : v === false ? 'no' : String(v));

export function valuesOf(kind: Kind, item: Item | undefined): Values {
    return Object.fromEntries(fieldsOf(kind).map((f) => [f.name, written(item?.[f.name])]));
}

/* What differs from what the form began with: what somebody else changed elsewhere in the item stays. */
export function changed(was: Values, now: Values): Values {
    return Object.fromEntries(Object.entries(now).filter(([k, v]) => v !== was[k]));
}

const DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;
const UPPER = ['country', 'countries', 'place', 'types', 'signs'];

/* As the reader's language writes it → as the server reads it; what is wrong goes as it is and is refused with a sentence. */
export function normal(f: Pick<Field, 'type'>, text: string): string {
    const v = text.trim();
    if (f.type === 'text' || f.type === 'url' || f.type === 'word') return v;
    const s = v.replace(DIGITS, (d) => String(d.charCodeAt(0) & 15));
    if (f.type === 'number') return s.replace(language.get() === 'fr' ? /^(\d+)[,\u066b](\d+)$/ : /^(\d+)\u066b(\d+)$/, '$1.$2').replace('−', '-');
    if (f.type === 'instant') {
        const at = readInstant(s);
        return at === at && /\d[ T]\d/.test(s) && !/Z$/.test(s) ? writeInstant(at) : s.replace(' ', 'T');
    }
    const list = s.replace(/[،,]\s*|\s+/g, ',');
    return UPPER.includes(f.type) ? list.toUpperCase() : f.type === 'hexes' ? list.toLowerCase() : s;
}

export const labelOf = (kind: string, field: string) => tOr(`item.${kind}.${field}`, tOr(`item.${field}`, field));
export const kindName = (kind: string) => tOr(`edit.kind.${kind}`, kind);
export const oneName = (kind: string) => tOr(`edit.one.${kind}`, kind);
export const keyName = (kind: Kind) => t(`edit.key.${kind}` as MessageKey) as string;
export const wordName = (word: string) => tOr(`term.${word}`, word);

/* A value as a reader reads it. */
export function shownValue(kind: string, field: string, item: Item): string {
    const f = isKind(kind) ? fieldsOf(kind).find((o) => o.name === field) : undefined;
    const told = item[field];
    const v = f?.type === 'number' && typeof told === 'string' && told !== '' && !Number.isNaN(Number(told)) ? Number(told) : told;
    if (v === undefined || v === '') return '';
    if (typeof v === 'boolean') return v ? '✓' : '–';
    if (typeof v === 'number') return `${grouped(v, (String(v).split('.')[1] ?? '').length)}${(field === 'quantity' || field === 'payload') && item.unit ? ` ${unitName(String(item.unit))}` : ''}`;
    if (f?.type === 'word') return wordName(v);
    if (f?.type === 'unit') return unitName(v);
    if (f?.type === 'country') return countryName(v);
    if (f?.type === 'instant') {
        const at = Date.parse(v) / 1000;
        return at === at ? dateAndTime(at) : v;
    }
    return ['name', 'what', 'text'].includes(field) ? inLanguage(item, field) : v;
}
