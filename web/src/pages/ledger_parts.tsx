// Columns and evidence of the ledger's rows, for every page that lists them.
import type { ComponentChildren } from 'preact';
import { useCell } from '../cell';
import '../style/movements.css';
import { useAsk } from '../data/ask';
import { learned, meetOperator, meetType, operatorOf, typeOf } from '../data/known';
import { lengthOf, timeOf, rowBand, spanOf, type LedgerRow } from '../data/ledger';
import { age, altitude, dayMonth, grouped, NONE, percent, position, shortDate, speed, zTime } from '../format';
import { writeInstant } from '../instant';
import { countryName } from '../names';
import { t, tOr } from '../words';
import { AircraftRef, AirportRef, Answer, DataTable, Id, Ltr, PageLink, Span, Sure, type TableColumn } from '../ui/parts';

/* Names of types and operators, once they are known. */
export function useNames(): void {
    useCell(learned);
    meetType();
}

export function operatorName(code: string): string {
    meetOperator(code);
    return operatorOf(code)?.name ?? code;
}

const unknown = (text: string) => <span class="mut">{text}</span>;

type Column = TableColumn<LedgerRow>;

export const columns = {
    day: (): Column => ({ key: 'day', head: t('col.day'), cell: (r) => <bdi>{dayMonth(timeOf(r))}</bdi>, sortBy: timeOf }),
    time: (): Column => ({ key: 'time', head: t('col.time'), isNumeric: true, cell: (r) => <Span {...spanOf(r)} />, sortBy: (r) => spanOf(r).lo }),
    sure: (): Column => ({ key: 'p', head: t('col.sure'), cell: (r) => <Sure band={rowBand(r)} p={r.observed ? undefined : r.p} />, sortBy: (r) => r.p + r.observed }),
    callsign: (): Column => ({
        key: 'callsign', head: t('field.flight'), sortBy: (r) => r.callsign ?? '',
        cell: (r) => (r.hex ? <AircraftRef hex={r.hex} flight={r.callsign ?? undefined} /> : unknown(t('ledger.noAircraft'))),
    }),
    type: (): Column => ({ key: 'type', head: t('col.type'), sortBy: (r) => r.type ?? '', cell: (r) => (r.type ? <bdi class="ltr" title={typeOf(r.type)?.name}>{r.type}</bdi> : unknown(t('ledger.unknown'))) }),
    state: (): Column => ({
        key: 'state', head: t('col.state'), sortBy: (r) => r.state ?? '',
        cell: (r) => (r.state ? <PageLink page="country" args={{ country: r.state }}><bdi>{countryName(r.state)}</bdi></PageLink> : unknown(t('ledger.unknown'))),
    }),
    operator: (): Column => ({
        key: 'operator', head: t('col.operator'), sortBy: (r) => r.operator ?? '',
        cell: (r) => (r.operator ? <bdi class="cutcell" title={operatorName(r.operator)}>{operatorName(r.operator)}</bdi> : unknown(t(r.military ? 'ledger.military' : 'ledger.unknown'))),
    }),
    airport: (): Column => ({ key: 'airport', head: t('col.airport'), sortBy: (r) => r.airport ?? '', cell: (r) => place(r.airport) }),
    from: (): Column => ({ key: 'from', head: t('col.from'), sortBy: (r) => r.from ?? '', cell: (r) => place(r.from) }),
    to: (): Column => ({ key: 'to', head: t('col.to'), sortBy: (r) => r.to ?? '', cell: (r) => place(r.to) }),
    lift: (): Column => ({
        key: 'lift', head: t('col.lift'), isNumeric: true, sortBy: (r) => r.lift_plan_kg ?? NaN,
        cell: (r) => (r.lift_plan_kg ? <bdi class="ltr">{tons(r.lift_low_kg ?? 0)}–{tons(r.lift_max_kg ?? 0)}</bdi> : <span class="mut" title={t('ledger.noLift')}>{NONE}</span>),
    }),
    length: (): Column => ({ key: 'length', head: t('col.length'), isNumeric: true, cell: (r) => lasted(r), sortBy: (r) => lengthOf(r).most }),
    kind: (): Column => ({ key: 'kind', head: t('col.event'), cell: (r) => tOr(`claim.${r.kind ?? ''}`, r.kind ?? ''), sortBy: (r) => r.kind ?? '' }),
};

export const place = (code: string | null | undefined) => (code ? <AirportRef code={code} /> : unknown(t('ledger.noPlace')));

/* Metric tons, whole but for a few. */
export const tons = (kg: number) => grouped(kg / 1000, kg < 10_000 && kg % 1000 >= 50 ? 1 : 0);

export const duration = (s: number) => `${Math.floor(s / 3600)}:${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}`;

const NARROW = 0.25; // of its greatest length: told as one

/* 2:52; ≈ 2:52 where an end is not observed; 0:40–3:10 where it is wide. */
export function durations(least: number, most: number, isObserved = false): string {
    if (most - least > NARROW * most) return `${duration(least)}–${duration(most)}`;
    return `${isObserved || most - least < 120 ? '' : '≈ '}${duration((least + most) / 2)}`;
}
export function lasted(r: LedgerRow) {
    const { least, most } = lengthOf(r);
    return most === most ? <bdi class="ltr">{durations(least, most, r.observed === 1)}</bdi> : unknown(t('ledger.unknown'));
}

const SHARES = ['origin.adsb_icao', 'filter.rebroadcast', 'origin.mlat', 'origin.adsc', 'origin.other'] as const;

interface Point {
    t: number;
    type: string;
    flight?: string;
    lat: number;
    lon: number;
    alt_baro?: number | 'ground';
    alt_geom?: number;
    gs?: number;
    rId?: string;
}

const AROUND_S = 300; // beside an interval
const POINTS_MOST = 400;
const WIDE_S = 3600; // of a long interval only its ends are shown

const pointColumns = (): TableColumn<Point>[] => [
    { key: 't', head: t('col.time'), cell: (p) => <bdi class="ltr">{zTime(p.t)}</bdi>, sortBy: (p) => p.t },
    { key: 'place', head: t('field.position'), cell: (p) => <Ltr>{position(p.lat, p.lon, 4)}</Ltr> },
    { key: 'alt', head: t('field.alt_baro'), isNumeric: true, cell: (p) => (p.alt_baro === 'ground' ? t('state.ground') : typeof p.alt_baro === 'number' ? <bdi>{altitude(p.alt_baro).join(' ')}</bdi> : NONE), sortBy: (p) => (p.alt_baro === 'ground' ? -9999 : (p.alt_baro ?? NaN)) },
    { key: 'gs', head: t('field.gs'), isNumeric: true, cell: (p) => (p.gs === undefined ? NONE : <bdi>{speed(p.gs).join(' ')}</bdi>), sortBy: (p) => p.gs ?? NaN },
    { key: 'origin', head: t('panel.origin'), cell: (p) => tOr(`origin.${p.type}`, p.type), sortBy: (p) => p.type },
    { key: 'receiver', head: t('panel.receiver'), cell: (p) => (p.rId ? <Id>{p.rId}</Id> : unknown(t('ledger.unknown'))), sortBy: (p) => p.rId ?? '' },
];

/* The positions a row rests on: those around its interval, of a long one around its beginning and end. */
function Fixes({ hex, lo, hi }: { hex: string; lo: number; hi: number }) {
    const isWide = hi - lo > WIDE_S;
    const asked = (from: number, to: number) => `api/v1/history/points?${new URLSearchParams({ hex, from: writeInstant(from), to: writeInstant(to), limit: String(POINTS_MOST) }).toString()}`;
    const first = useAsk<{ points: Point[]; next: string | null }>(asked(lo - AROUND_S, isWide ? lo + AROUND_S : hi + AROUND_S));
    const last = useAsk<{ points: Point[]; next: string | null }>(isWide ? asked(hi - AROUND_S, hi + AROUND_S) : null);
    return (
        <Answer of={first}>
            {(a) => {
                const rows = [...a.points, ...(last.asked.answer?.points ?? [])];
                return (
                    <>
                        <p class="sec">{t(a.next ? 'evidence.fixesFirst' : isWide ? 'evidence.fixesEnds' : 'evidence.fixes', rows.length)}</p>
                        <DataTableOf rows={rows} />
                    </>
                );
            }}
        </Answer>
    );
}

const DataTableOf = ({ rows }: { rows: Point[] }) => (
    <DataTable caption={t('evidence.fixesOf')} columns={pointColumns()} rows={rows} rowKey={(p) => String(p.t)} first={{ key: 't', down: false }} most={60} empty={t('evidence.noFixes')} />
);

const words = (methods: (string | null | undefined)[]) => methods.filter((m): m is string => !!m).map((m) => tOr(`method.${m}`, m));

/* How a row is known, from what, and the way to the positions. */
export function EvidenceOf({ row: r }: { row: LedgerRow }) {
    const { lo, hi } = spanOf(r);
    const methods = words([r.method, r.off_method, r.on_method]);
    const shares = r.evidence.share.map((n, i) => ({ n, name: t(SHARES[i] ?? 'origin.other') })).filter((s) => s.n > 0);
    const line = (label: string, value: ComponentChildren) => <div><dt>{label}</dt><dd>{value}</dd></div>;
    return (
        <div class="evidence">
            <dl>
                {line(t('evidence.how'), [...new Set(methods)].join(t('list.and')) || t('ledger.unknown'))}
                {line(t('evidence.why'), r.evidence.rules.length ? <ul>{r.evidence.rules.map((k) => <li key={k}>{tOr(`rule.${k}`, k)}</li>)}</ul> : t('evidence.noRule'))}
                {line(t('evidence.where'), r.candidates.length ? <ul>{r.candidates.map((c) => <li key={c.airport}><AirportRef code={c.airport} /> <bdi class="ltr">{percent(c.p)}</bdi></li>)}<li class="mut">{t('panel.notListed')} <bdi class="ltr">{percent(r.none_p)}</bdi></li></ul> : t('evidence.noCandidate'))}
                {line(t('evidence.heard'), <>{t('evidence.counts', r.fixes, r.evidence.receivers)}{shares.length > 0 && <> · {shares.map((s) => <bdi key={s.name}>{s.name} {percent(s.n / 100)} </bdi>)}</>}</>)}
                {line(t('evidence.silence'), r.silent_s > 0 ? <bdi>{age(r.silent_s)}</bdi> : t('evidence.noSilence'))}
                {r.heard_p !== null && line(t('evidence.heardP'), <bdi class="ltr">{percent(r.heard_p)}</bdi>)}
                {line(t('evidence.row'), <><Id>{`${r.hex ?? NONE}/${r.epoch}/${r.row}`}</Id> <span class="mut">{shortDate(timeOf(r))}</span></>)}
            </dl>
            {r.hex && lo === lo && hi === hi && <p><a href={`#sel=${r.hex}&at=${writeInstant((lo + hi) / 2)}`}>{t('evidence.onMap')}</a></p>}
            {r.hex && lo === lo && hi === hi && <Fixes hex={r.hex} lo={lo} hi={hi} />}
        </div>
    );
}

/* What a screen reader calls a row's evidence. */
export const evidenceName = (r: LedgerRow) => t('evidence.of', r.callsign ?? r.hex ?? '');
