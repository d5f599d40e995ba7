// The ledger's rows as lines of a file: the server's own keys and figures, the same in every language.
import type { LedgerRow } from '../data/ledger';

const PLAIN = [
    'hex', 'epoch', 'leg', 'row', 'callsign', 'registration', 'type', 'class', 'operator', 'state', 'military', 'kind', 'shape', 'airport', 'p', 't_lo', 't_hi', 't', 'sure_lo', 'sure_hi', 'method',
    'from', 'from_p', 'off_lo', 'off_hi', 'off_t', 'off_method', 'to', 'to_p', 'on_lo', 'on_hi', 'on_t', 'on_method', 'over', 'observed', 'sortie', 'lift_low_kg', 'lift_plan_kg', 'lift_max_kg',
    'lat', 'lon', 'alt_ft', 'size_m', 'turns', 'other', 'sum_p', 'fixes', 'silent_s', 'heard_p', 'none_p',
] as const satisfies readonly (keyof LedgerRow)[];

export const LEDGER_KEYS: string[] = [...PLAIN, 'candidates', 'receivers', 'share', 'rules'];

export const ledgerValues = (r: LedgerRow): (string | number | null | undefined)[] => [
    ...PLAIN.map((k) => r[k]),
    r.candidates.map((c) => `${c.airport}:${c.p}`).join(' '), r.evidence.receivers, r.evidence.share.join('/'), r.evidence.rules.join(' '),
];
