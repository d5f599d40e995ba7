// Names of countries in the reader's language, by ISO 3166-1 code.
import { language } from './words';

const names = new Map<string, Intl.DisplayNames>();

export function countryName(code: string): string {
    const l = language.get();
    let n = names.get(l);
    if (!n) names.set(l, (n = new Intl.DisplayNames([l], { type: 'region', fallback: 'code' })));
    try {
        return n.of(code.toUpperCase()) ?? code;
    } catch {
        return code; // no code at all
    }
}
