// The message table: one language at a time. A link's language counts for this visit, a choice by
// hand is kept on this device, else the browser's is taken. English is here; the others are read when chosen.
import { cell } from '../cell';
import { keep, kept } from '../keep';
import { digits, months } from '../settings';
import { en, type First, type Later, type MessageKey, type Messages } from './en';
import { separated } from './speak';

export type Language = 'ar' | 'en' | 'fr';
export type { MessageKey, Messages };

interface Spoken {
    name: string;
    load: () => Promise<First>; // a text that is missing does not compile
    later: () => Promise<Later>; // what only pages say
    dir: 'ltr' | 'rtl';
    short: string;
    group: string; // between thousands
    point: string;
    dates: () => string; // locale of dates: day before month in every language
}

/* A new language is a folder of the same keys and a row here. */
export const LANGUAGES: Record<Language, Spoken> = {
    ar: {
        name: 'العربية', load: async () => (await import('./ar')).ar, later: async () => (await import('./ar/later')).later, dir: 'rtl', short: 'ع', group: ',', point: '.',
        dates: () => `${months.get() === 'levant' ? 'ar-LB' : 'ar-EG'}-u-nu-${digits.get()}`,
    },
    en: { name: 'English', load: () => Promise.resolve(en), later: async () => (await import('./en/later')).later, dir: 'ltr', short: 'en', group: ',', point: '.', dates: () => 'en-GB-u-nu-latn' },
    fr: {
        name: 'Français', load: async () => (await import('./fr')).fr, later: async () => (await import('./fr/later')).later, dir: 'ltr', short: 'fr', group: '\u202f', point: ',', dates: () => 'fr-FR-u-nu-latn',
    },
};

export const isLanguage = (s: string | null): s is Language => s !== null && Object.hasOwn(LANGUAGES, s);

/* The reader's browser names languages best first: the first one we speak. */
export function preferred(wanted: readonly string[]): Language {
    return wanted.map((w) => w.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

export const language = cell<Language>('en');
const words: Partial<Record<Language, First & Partial<Later>>> = { en };
const whole = new Set<Language>(); // those read with what only pages say
let hasPages = false; // a page was opened
let wanted: Language = 'en';

async function readLater(l: Language): Promise<void> {
    if (whole.has(l)) return;
    words[l] = { ...words[l]!, ...(await LANGUAGES[l].later()) };
    whole.add(l);
}

/* Reads the texts, then speaks; the last wish counts. Texts that cannot be had leave all as it was. */
export async function speak(l: Language): Promise<void> {
    wanted = l;
    words[l] ??= await LANGUAGES[l].load();
    if (hasPages) await readLater(l);
    if (wanted === l) language.set(l);
}

/* Before a page is shown: its texts, in the language spoken and from now on in any chosen. */
export async function speakPages(): Promise<void> {
    hasPages = true;
    await readLater(language.get());
}

/* By hand: kept. */
export function chooseLanguage(l: Language): void {
    keep('language', l);
    speak(l).catch((e) => console.warn('masar: the language cannot be read', e));
}

/* As the reader chose before, else as the browser asks. */
export function firstLanguage(): Language {
    const chosen = kept('language');
    return isLanguage(chosen) ? chosen : preferred(navigator.languages ?? []);
}

export const spoken = () => LANGUAGES[language.get()];

type Arguments<K extends MessageKey> = Messages[K] extends (...a: infer A) => string ? A : [];

/* The text of a key in the chosen language. */
export function t<K extends MessageKey>(key: K, ...args: Arguments<K>): string {
    const entry = words[language.get()]![key] as string | ((...a: unknown[]) => string);
    return typeof entry === 'function' ? entry(...args) : entry;
}

/* For keys that come from outside (a field, an origin): the text, or what was sent. */
export function tOr(key: string, otherwise: string): string {
    const entry = (words[language.get()] as Record<string, unknown>)[key];
    return typeof entry === 'string' ? entry : otherwise;
}

/* The same where the entry is a sentence with what was sent in it. '' where there is none. */
export function tWith(key: string, args: readonly string[]): string {
    const entry = (words[language.get()] as Record<string, unknown>)[key];
    if (typeof entry === 'function') return (entry as (...a: string[]) => string)(...args);
    return typeof entry === 'string' ? entry : '';
}

/* A number as the language writes it, digits Latin: it stands among identifiers and units. */
export const number = (n: number, decimals = 0) => separated(n, decimals, spoken().group, spoken().point);

function apply() {
    document.documentElement.lang = language.get();
    document.documentElement.dir = spoken().dir;
}
if (typeof document !== 'undefined') {
    apply();
    language.watch(apply);
}
