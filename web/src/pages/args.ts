// What a key of a page's link may hold. What fails is named in the strip and left out.
import { readInstant } from '../instant';

export const isDigits = (s: string) => /^\d{1,9}$/.test(s);
export const isHex = (s: string) => /^~?[0-9a-f]{6}$/.test(s);
export const isInstant = (s: string) => readInstant(s) === readInstant(s);
export const isCode = (s: string) => /^[A-Za-z0-9]{2,8}$/.test(s); // an airport, a country, a designator
export const isText = (s: string) => s.length <= 80;
export const oneOf = (...words: string[]) => (s: string) => words.includes(s);
export const isArea = (s: string) => /^(box|circle|polygon)=[-0-9.,]+(km|NM|m)?$/.test(s) && s.length <= 600;

/* Where the board of an operation is asked for. */
export const boardOf = (name: string, at = '') => `api/v1/operations/${name}${at ? `?at=${at}` : ''}`;

/* What the ledger is asked for. */
export const WHATS = ['arrivals', 'departures', 'flights', 'stays', 'orbits', 'events'] as const;
export type What = (typeof WHATS)[number];

/* The filters of the ledger, by the server's own names (docs/LEDGER.md). */
export const KINDS = [
    'airlift_heavy', 'airlift_medium', 'airlift_tactical', 'airlift_light', 'tanker', 'fighter', 'bomber', 'trainer', 'isr', 'uav', 'helicopter', 'tiltrotor', 'firefighter', 'airliner', 'regional', 'business', 'general',
    'glider', 'balloon',
];
export const EVENT_KINDS = ['orbit', 'holding', 'survey', 'refueling', 'formation', 'go_around', 'touch_and_go', 'turn_back', 'diversion', 'spoofed', 'address_shared', 'ground_only', 'jamming'];
const isCountry = (s: string) => /^[A-Za-z]{2}$/.test(s);
export const LEDGER_ARGS = {
    airport: isCode, country: isCountry, area: isArea, hex: isHex, registration: (s: string) => /^[\w-]{2,12}$/.test(s), type: (s: string) => /^[A-Za-z0-9]{2,4}$/.test(s), class: oneOf(...KINDS),
    operator: (s: string) => /^[A-Za-z]{2,8}$/.test(s), callsign: (s: string) => /^[A-Za-z0-9]{2,8}$/.test(s), military: oneOf('0', '1'), state: isCountry, kind: oneOf(...EVENT_KINDS),
    p: (s: string) => /^(0(\.\d{1,3})?|1)$/.test(s),
} as const;
export type LedgerFilterName = keyof typeof LEDGER_ARGS;
export const LEDGER_FILTERS = Object.keys(LEDGER_ARGS) as LedgerFilterName[];
