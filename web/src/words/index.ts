// The message table: one language at a time, chosen once and kept.
import { cell } from '../cell';
import { keep, kept } from '../keep';
import { en, type MessageKey, type Messages } from './en';

export type Language = 'en' | 'ar' | 'fr';
export type { MessageKey, Messages };

/* A new language is a file of the same keys and a row here. */
export const LANGUAGES: Partial<Record<Language, { words: Messages; dir: 'ltr' | 'rtl'; short: string }>> = {
    en: { words: en, dir: 'ltr', short: 'en' },
};

const wanted = kept('language') as Language | null;
export const language = cell<Language>(wanted && LANGUAGES[wanted] ? wanted : 'en');

const words = () => LANGUAGES[language.get()]!.words;

type Parameters_<K extends MessageKey> = Messages[K] extends (...a: infer A) => string ? A : [];

/* The text of a key in the chosen language. */
export function t<K extends MessageKey>(key: K, ...args: Parameters_<K>): string {
    const entry = words()[key] as string | ((...a: unknown[]) => string);
    return typeof entry === 'function' ? entry(...args) : entry;
}

/* For keys that come from outside (a field, an origin): the text, or what was sent. */
export function tOr(key: string, otherwise: string): string {
    const entry = (words() as Record<string, unknown>)[key];
    return typeof entry === 'string' ? entry : otherwise;
}

function apply() {
    const l = language.get();
    document.documentElement.lang = l;
    document.documentElement.dir = LANGUAGES[l]!.dir;
    keep('language', l);
}
if (typeof document !== 'undefined') {
    apply();
    language.watch(apply);
}
