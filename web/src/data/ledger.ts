// What the ledger of movements says: rows and their sum, as the server answers them (docs/API.md).
import type { What } from '../pages/args';
import type { Period } from '../period';
import { periodArgs } from '../period';
import { bandOf, type Band } from '../sure';
import { useMemo } from 'preact/hooks';
import { useAsk, type Asked, type Question } from './ask';
import { isHistoryOnly, past } from './past';
import { serverNow, sky } from './sky';

export { WHATS, type What } from '../pages/args';

export interface Evidence {
    receivers: number;
    share: number[]; // percent of ADS-B, rebroadcast, MLAT, ADS-C, others
    rules: string[];
}
export interface RowCandidate {
    airport: string;
    p: number;
}
/* A row of any of the questions; what its question does not ask is absent, what is not known null. */
export interface LedgerRow {
    hex: string | null; // null: of no aircraft, as jamming is
    epoch: number;
    leg: number | null;
    row: number;
    callsign: string | null;
    registration: string | null;
    type: string | null;
    class: string | null;
    operator: string | null;
    state: string | null;
    military: 0 | 1 | null;
    p: number;
    sum_p?: number; // the p it has in sums: later flights tell of where earlier ones were
    method?: string;
    observed: 0 | 1;
    sortie?: 0 | 1; // 0: listed, not counted
    airport?: string | null;
    kind?: string;
    shape?: string | null;
    from?: string | null;
    from_p?: number;
    to?: string | null;
    to_p?: number;
    t_lo?: string;
    t_hi?: string | null; // null: it had not ended
    t?: string; // arrivals, departures: as likely before as after, what they are listed by
    sure_lo?: string | null;
    sure_hi?: string | null;
    off_lo?: string | null;
    off_hi?: string | null;
    off_t?: string | null;
    off_method?: string | null;
    on_lo?: string | null;
    on_hi?: string | null;
    on_t?: string | null;
    on_method?: string | null;
    over?: 0 | 1;
    lift_low_kg?: number | null;
    lift_plan_kg?: number | null;
    lift_max_kg?: number | null;
    lat?: number;
    lon?: number;
    alt_ft?: number | null;
    size_m?: number | null;
    turns?: number | null;
    other?: string | null;
    fixes: number;
    silent_s: number;
    heard_p: number | null;
    candidates: RowCandidate[];
    none_p: number;
    evidence: Evidence;
}
export interface LedgerSum {
    rows: number;
    counted: number;
    observed: number;
    expected: number;
    low: number; // the true number lies between them with 90 %
    high: number;
    lift_offered: { low_kg: number; plan_kg: number; max_kg: number; of: number };
}
export interface LedgerAnswer {
    rows: LedgerRow[];
    sum: LedgerSum;
    next: string | null;
}
export type LedgerFilter = Readonly<Record<string, string>>;

export function ledgerPath(what: What, filter: LedgerFilter, period: Period | null, limit = 5000): string {
    const args = new URLSearchParams(Object.entries({ ...filter, ...(period && periodArgs(period)), limit: String(limit) }).filter(([, v]) => v !== ''));
    return `api/v1/${what}?${args.toString()}`;
}

type Raw = { sum: Omit<LedgerSum, 'lift_offered'> & Partial<Pick<LedgerSum, 'lift_offered'>>; next: string | null } & Partial<Record<What, LedgerRow[]>>;

const NO_LIFT = { low_kg: 0, plan_kg: 0, max_kg: 0, of: 0 };

/* Where no row is of a type whose lift is known the server says nothing of lift. */
export const readAnswer = (what: What, raw: Raw): LedgerAnswer => ({ rows: raw[what] ?? [], sum: { lift_offered: NO_LIFT, ...raw.sum }, next: raw.next });

const AGAIN_MS = 60_000;

/* Days that are not over: what is heard goes on adding rows. */
const isGoingOn = (p: Period | null) => p !== null && !isHistoryOnly.get() && !past.get() && sky.clock.known && serverNow() < p.to;

/* null asks nothing. */
export function useLedger(what: What, filter: LedgerFilter | null, period: Period | null, limit?: number): Question<LedgerAnswer> {
    const { asked, again } = useAsk<Raw>(filter && ledgerPath(what, filter, period, limit), isGoingOn(period) ? AGAIN_MS : 0);
    const answer = useMemo(() => (asked.answer?.[what] ? readAnswer(what, asked.answer) : null), [asked.answer, what]); // not the one to another question
    return { asked: { ...asked, answer } as Asked<LedgerAnswer>, again };
}

const seconds = (text: string | null | undefined) => (text ? Date.parse(text) / 1000 : NaN);

/* From when to when a row can have happened; a flight's from take-off to landing. NaN: that end is not known, or is still to come. */
export function spanOf(r: LedgerRow): { lo: number; hi: number } {
    if (r.t_lo !== undefined) return { lo: seconds(r.t_lo), hi: seconds(r.t_hi) };
    return { lo: seconds(r.off_lo ?? r.on_lo), hi: seconds(r.on_hi ?? r.off_hi) };
}
/* The one time it is counted at; of what lasts, and of flights, the middle. */
export const timeOf = (r: LedgerRow) => {
    if (r.t) return seconds(r.t);
    const { lo, hi } = r.t_lo === undefined ? { lo: seconds(r.off_t), hi: seconds(r.on_t) } : spanOf(r);
    return hi !== hi ? lo : lo !== lo ? hi : (lo + hi) / 2; // one end alone is what is known
};
/* What lasts: certainly from … to. */
export const sureSpanOf = (r: LedgerRow) => ({ lo: seconds(r.sure_lo), hi: seconds(r.sure_hi) });
export const offOf = (r: LedgerRow) => ({ lo: seconds(r.off_lo), hi: seconds(r.off_hi) });
export const onOf = (r: LedgerRow) => ({ lo: seconds(r.on_lo), hi: seconds(r.on_hi) });

/* How long it can have lasted, at least and at most; a flight from take-off to landing. */
export function lengthOf(r: LedgerRow): { least: number; most: number } {
    const [outer, sure] = [spanOf(r), sureSpanOf(r)];
    const inner = r.t_lo === undefined ? { lo: offOf(r).hi, hi: onOf(r).lo } : sure;
    const isOpen = r.t_lo === undefined && (r.off_lo === null || r.on_lo === null);
    const least = inner.lo === inner.lo && inner.hi === inner.hi ? Math.max(0, inner.hi - inner.lo) : 0;
    return { least, most: isOpen ? NaN : outer.hi - outer.lo };
}

export const rowBand = (r: LedgerRow): Band => bandOf(r.p, r.observed === 1);

/* The order of bands, surest first. */
export const BANDS: Band[] = ['observed', 'inferred', 'probable', 'possible', 'unknown'];
export const surest = (bands: Band[]): Band => BANDS.find((b) => bands.includes(b)) ?? 'unknown';
export const weakest = (bands: Band[]): Band => [...BANDS].reverse().find((b) => bands.includes(b)) ?? 'unknown';

/* One row's name among those of one answer. */
export const rowKey = (r: LedgerRow) => `${r.hex ?? ''} ${r.epoch} ${r.leg ?? ''} ${r.row} ${r.airport ?? ''} ${r.from ?? ''} ${r.to ?? ''}`;
