// Names of airports by code, in the reader's language, once the airports are read.
import { airports, cityOf, type Airport } from './data/airports';

let known: Map<string, Airport> | null = null;
let asked = false;

/* The city; until it is known the name the server gave, else the code. */
export function placeNames(code: string, otherwise?: string): string {
    if (!asked) {
        asked = true;
        void airports().then((all) => (known = new Map(all.map((a) => [a.icao, a]))), () => (asked = false));
    }
    const a = known?.get(code);
    return a ? cityOf(a) : otherwise || code;
}
