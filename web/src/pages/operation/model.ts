// The board of an operation as the server tells it (docs/OPERATIONS.md), and what is read off it.
import { language } from '../../words';

export interface Named {
    name?: string;
    name_ar?: string;
    name_fr?: string;
}
export interface Operation extends Named {
    key: string;
    purpose: string;
    parties?: string;
    types?: string;
    start: string;
    deadline: string;
    closure: string;
    simulated?: boolean;
    note?: string;
}
export interface Sum {
    expected: number;
    low: number;
    high: number;
    observed: number;
    listed: number;
    lift_offered_t: { low: number; plan: number; max: number };
}
export interface Day {
    day: string;
    departures: number;
    departures_low?: number;
    departures_high?: number;
    departures_listed: number;
    departures_observed: number;
    arrivals: number;
    arrivals_low?: number;
    arrivals_high?: number;
    arrivals_listed: number;
    arrivals_observed: number;
}
export interface Burn {
    line: string;
    unit: string;
    whole: number;
    first_day: string;
    known_days: number;
    low: number[];
    mid: number[];
    high: number[];
    if_full_low?: number[];
    if_full_plan?: number[];
    if_full_max?: number[];
    claimed?: { claim: string; place?: string; at: string; moved_low: number; moved_high: number }[];
}
export interface Outcome {
    basis: string;
    at_10?: string;
    at_50?: string;
    at_90?: string;
    p_deadline?: number;
}
export interface LineOutcome extends Outcome {
    line: string;
    quantity: number;
    unit: string;
    moved_low: number;
    moved: number;
    moved_high: number;
    needed_a_day: number;
}
export interface Pace {
    base: string;
    departures_a_day: number;
    departures_a_day_10: number;
    departures_a_day_90: number;
    has_pace: boolean;
    gap_days: number;
    ceiling_t_a_day?: number;
    next_10?: string | null;
    next_50?: string | null;
    next_90?: string | null;
}
export interface Forecast {
    at: string;
    all: Outcome;
    lines: LineOutcome[];
    bases: Pace[];
    load_t: number;
    load_sd_t: number;
    load_learned: boolean;
    lines_without_basis: number;
}
export interface Base extends Named {
    key: string;
    role: string;
    mog?: number;
    hours?: number;
    ground_h?: number;
    runway?: string;
    fuel?: string;
    notice?: string;
    closed?: string;
    as_of?: string;
    source?: string;
}
export interface Line {
    key: string;
    what: string;
    what_ar?: string;
    what_fr?: string;
    quantity: number;
    unit: string;
    priority?: number;
    sensitive?: boolean;
    may_be_left?: boolean;
    ready?: string;
    latest?: string;
    from: string;
    to?: string;
}
export type ClearanceState = 'requested' | 'approved' | 'refused' | 'expired' | 'revoked';
export interface Clearance {
    key: string;
    country: string;
    use: string;
    state: ClearanceState;
    state_now: ClearanceState;
    tails?: string;
    callsigns?: string;
    requested?: string;
    decided?: string;
    revoked?: string;
    from?: string;
    to?: string;
    valid_from?: string | null;
    valid_to?: string | null;
}
export type Standing = 'inside' | 'outside' | 'none' | 'unknown';
export const STANDINGS: Standing[] = ['inside', 'outside', 'none', 'unknown'];
export interface CountryStanding {
    country: string;
    valid_now: number;
    valid_until: string | null;
    next_valid: string | null;
    flights: Record<Standing, number>;
}
export type Verdict = 'supported' | 'consistent' | 'contradicted' | 'cannot_tell';
export interface ClaimFlight {
    hex: string;
    callsign?: string;
    t?: string;
    t_lo?: string;
    t_hi?: string;
    p?: number;
}
export interface BoardClaim {
    claim: {
        key: string; text: string; text_ar?: string; text_fr?: string; by: string; attribution?: string; url?: string; published: string; event: string;
        place?: string; low?: number; high?: number; unit?: string; as_of?: string; language?: string; translation?: string;
    };
    verdict: Verdict;
    why: string;
    sentence: Record<string, string>;
    arithmetic: Record<string, number>;
    loads: { factor: string; edition: string; low: number; high: number }[];
    flights: ClaimFlight[];
    conflicts: string[];
}
export interface End {
    t_lo: string;
    t_hi: string;
    t: string;
    observed: boolean;
    p: number;
    places: { airport: string; p: number }[];
}
export interface Flight {
    hex: string;
    callsign: string;
    type: string;
    registration: string;
    country: string;
    operator: string;
    match: string;
    base: string;
    leaves: number;
    arrives: number;
    t: string;
    implied: boolean;
    off: End | null;
    on: End | null;
    lift_t?: number[];
    seen_over?: string[];
    silent_min?: number;
    clearances?: { country: string; use: string; leaving: boolean; state: Standing; clearance: string }[];
}
/* How well each base was listened to, by day (docs/OPERATIONS.md). */
export type HeardWord = 'unknown' | 'missed' | 'high' | 'low';
export interface HeardDays {
    first_day: string | null;
    bases: { base: string; days: HeardWord[] }[];
}
/* Each base's word of a day; null of days to come, and where the server does not say. */
export function heardOn(h: HeardDays | null, day: string, at: string): { base: string; word: HeardWord }[] | null {
    if (!h?.first_day || !h.bases.length || day > at) return null;
    const i = Math.round((Date.parse(day) - Date.parse(h.first_day)) / 86_400_000);
    return h.bases.map((b) => ({ base: b.base, word: b.days[i] ?? 'unknown' }));
}
/* At none of them is it known that anybody listened. */
export const nobodyListened = (list: { word: HeardWord }[] | null) => list !== null && list.every((b) => b.word === 'unknown' || b.word === 'missed');

export interface Presence {
    country: string;
    operator: string;
    military: boolean;
    operation: boolean;
    arrivals: number;
    expected: number;
    days: { day: string; p: number; n: number }[];
}
export interface Next {
    hex: string;
    callsign: string;
    type: string;
    base: string;
    p: number;
    t_lo: string;
    t_hi: string;
}
export interface Scenario extends Outcome {
    factor: string;
    edition: string;
    role: string;
    payload_t: number;
}
export interface Statement {
    hash: string;
    language: string;
    title?: string;
    at: string;
    made?: string;
    published?: boolean;
}
export interface Board {
    operation: Operation;
    name: string;
    at: string;
    simulated: boolean;
    deadline: string;
    deadline_local?: string;
    days_left: number;
    sentence: Record<string, string>;
    sums: { departures: Sum; arrivals: Sum; bases: { base: string; departures: Sum; arrivals: Sum }[] };
    days: Day[];
    days_ahead?: { day: string; departures: number; departures_low: number; departures_high: number }[];
    burn_down?: Burn[];
    bases: Base[];
    requirement: Line[];
    forecast: Forecast;
    scenarios: Scenario[];
    forecasts_before: Forecast[];
    clearances: Clearance[];
    clearance_days: { country: string; lapses: string | null; none_valid: string[] }[];
    clearance_flights?: Record<Standing, number>;
    clearance_countries?: CountryStanding[];
    lapsing?: { clearance: string; country: string; use: string; at: string }[];
    claims: BoardClaim[];
    presence: Presence[];
    next: Next[];
    factors?: { key: string; edition: string; type?: string }[];
    sightings?: { key: string; place: string; at: string; what: string; by: string }[];
    flights: Flight[];
    statements: Statement[];
}

/* What is published is read only, and has no sightings (docs/OPERATIONS.md). */
export const mayBeChanged = (b: Board | null): boolean => b?.sightings !== undefined;

export const DAY_S = 86_400;
export const epoch = (text: string | null | undefined): number => (text ? Date.parse(text) / 1000 : NaN);

/* A text of the operation in the reader's language, where it has one. */
export function inLanguage(of: object, field: string): string {
    const texts = of as Record<string, string | undefined>;
    return texts[`${field}_${language.get()}`] || texts[field] || '';
}

/* Which flights a number opens to. */
export type FlightFilter = Partial<Record<'base' | 'day' | 'way' | 'standing' | 'country' | 'flight', string>>;

export function chosenFlights(list: Flight[], f: FlightFilter): Flight[] {
    const has = (k: Flight, way: string) => (way === 'arrivals' ? k.arrives >= 0.5 : k.leaves >= 0.5);
    return list.filter((k) => {
        if (f.flight && k.hex !== f.flight) return false;
        if (f.base && k.base !== f.base) return false;
        if (f.way && f.way !== 'all' && !has(k, f.way)) return false;
        if (f.day && dayOf(k, f.way) !== f.day) return false;
        const states = (k.clearances ?? []).filter((c) => !f.country || c.country === f.country).map((c) => c.state);
        if (f.country && !states.length) return false;
        return !f.standing || (f.country ? states.includes(f.standing as Standing) : worst(states) === f.standing);
    });
}

/* What its lines wait for: that things leave its bases, or come to them. */
export type Edge = 'departures' | 'arrivals';
export const isIn = (board: Board) => board.operation.closure === 'last_arrival';
export const edgeOf = (board: Board): Edge => (isIn(board) ? 'arrivals' : 'departures');
export const dayAt = (d: Day, edge: Edge) => ({ expected: d[edge], low: d[`${edge}_low`], high: d[`${edge}_high`], listed: d[`${edge}_listed`], observed: d[`${edge}_observed`] });

/* The day a flight counts on: that of its end at the base. */
export function dayOf(k: Flight, way = 'departures'): string {
    const end = way === 'arrivals' || (k.leaves < 0.5 && k.arrives >= 0.5) ? k.on : k.off;
    const t = epoch(end?.t ?? k.t);
    return new Date(t * 1000).toISOString().slice(0, 10);
}

const ORDER: Standing[] = ['outside', 'none', 'unknown', 'inside'];
export const worst = (states: Standing[]): Standing => ORDER.find((s) => states.includes(s)) ?? 'unknown';

/* Intervals that touch or overlap, as one each. */
export function joined(list: [number, number][]): [number, number][] {
    const out: [number, number][] = [];
    for (const [a, b] of [...list].sort((p, q) => p[0] - q[0])) {
        const last = out[out.length - 1];
        if (last && a <= last[1]) last[1] = Math.max(last[1], b);
        else out.push([a, b]);
    }
    return out;
}

/* Of the sums over all lines the one of which the greatest share is left: what closure waits for. */
export function mostLeft(list: Burn[]): Burn | undefined {
    const share = (b: Burn) => (b.whole > 0 ? (b.mid[b.known_days - 1] ?? b.whole) / b.whole : 0);
    return list.filter((b) => b.line === '').reduce<Burn | undefined>((best, b) => (best && share(best) >= share(b) ? best : b), undefined) ?? list[0];
}

/* Departures a day that the lines still to be moved ask for: people ride with cargo, so the greater of the two counts. */
export function neededADay(f: Forecast): number {
    const of = (isPeople: boolean) => f.lines.filter((l) => (l.unit === 'people') === isPeople).reduce((s, l) => s + l.needed_a_day, 0);
    return Math.max(of(true), of(false));
}
