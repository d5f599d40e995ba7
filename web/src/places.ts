// Names of airports by code, in the reader's language, once the airports are read.
import { airports, cityOf, largeAirports, type Airport } from './data/airports';

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

let large: Map<string, Airport> | null = null;
let askedLarge = false;

/* The city where it is among those the map shows first, else the code: for tables, which do not wait. */
export function placeShort(code: string): string {
    if (!askedLarge) {
        askedLarge = true;
        void largeAirports().then((all) => (large = new Map(all.map((a) => [a.icao, a]))), () => (askedLarge = false));
    }
    const a = known?.get(code) ?? large?.get(code);
    return a ? cityOf(a) : code;
}
