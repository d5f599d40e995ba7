// The ledger: rows of any of its questions, filtered, ordered, page by page, with their sum, and as a
// file exactly as shown. Figures and orders are the same in every language.
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../data/ask';
import { ledgerPath, offOf, onOf, readAnswer, rowKey, useLedger, WHATS, type LedgerAnswer, type LedgerFilter, type LedgerRow, type LedgerSum, type What } from '../data/ledger';
import { distance, grouped, NONE, position } from '../format';
import { periodArgs, type Period } from '../period';
import { changeArgs, goToPage } from '../route';
import { csvText, fileName, saveFile } from '../save';
import { t, tOr, type MessageKey } from '../words';
import { LinkButton, SaveButtons } from '../ui/acts';
import { Choice, Segments, TextField, type Option } from '../ui/form';
import { PeriodPicker, usePeriod } from '../ui/period';
import { Answer, Card, DataTable, Figures, Id, Ltr, ordered, PageHead, Span, type Figure, type TableColumn, type TableSort } from '../ui/parts';
import type { PageProps } from '.';
import { EVENT_KINDS, KINDS, LEDGER_ARGS, LEDGER_FILTERS, type LedgerFilterName } from './args';
import { LEDGER_KEYS, ledgerValues } from './ledger_file';
import { columns, evidenceName, EvidenceOf, place, tons, useNames } from './ledger_parts';

const READ_AT_ONCE = 2000;
const PAGE_ROWS = 100;

type Column = TableColumn<LedgerRow>;

const registration = (): Column => ({ key: 'registration', head: t('ledger.airframe'), sortBy: (r) => r.registration ?? '', cell: (r) => (r.registration ? <Id>{r.registration}</Id> : r.hex ? <Ltr muted>{r.hex}</Ltr> : NONE) });
const where = (): Column => ({ key: 'airport', head: t('ledger.where'), sortBy: (r) => r.airport ?? '', cell: (r) => (r.airport ? place(r.airport) : r.lat !== undefined && r.lon !== undefined ? <Ltr>{position(r.lat, r.lon, 2)}</Ltr> : place(null)) });
const size = (): Column => ({ key: 'size', head: t('ledger.size'), isNumeric: true, sortBy: (r) => r.size_m ?? NaN, cell: (r) => (r.size_m ? <bdi>{distance(r.size_m).join(' ')}</bdi> : <span class="mut">{NONE}</span>) });
const end = (key: string, head: MessageKey, of: (r: LedgerRow) => { lo: number; hi: number }): Column => ({
    key, head: tOr(head, head), isNumeric: true, sortBy: (r) => of(r).lo,
    cell: (r) => { const s = of(r); return s.lo === s.lo && s.hi === s.hi ? <Span {...s} /> : <span class="mut">{t('ledger.noPlace')}</span>; },
});

const WHO = (): Column[] => [columns.callsign(), registration(), columns.type(), columns.state(), columns.operator()];
const COLUMNS: Record<What, () => Column[]> = {
    arrivals: () => [columns.day(), columns.time(), columns.airport(), columns.sure(), columns.from(), ...WHO(), columns.lift()],
    departures: () => [columns.day(), columns.time(), columns.airport(), columns.sure(), columns.to(), ...WHO(), columns.lift()],
    flights: () => [columns.day(), end('off', 'ledger.off', offOf), columns.from(), end('on', 'ledger.on', onOf), columns.to(), columns.sure(), ...WHO(), columns.lift()],
    stays: () => [columns.day(), columns.time(), columns.length(), columns.airport(), columns.sure(), ...WHO()],
    orbits: () => [columns.day(), columns.time(), columns.length(), columns.kind(), columns.sure(), where(), size(), ...WHO()],
    events: () => [columns.day(), columns.time(), columns.kind(), columns.sure(), where(), size(), ...WHO()],
};

/* The filters of a page's link; the server knows them by the same names. */
const filterOf = (args: PageProps['args'], what: What): LedgerFilter =>
    Object.fromEntries(LEDGER_FILTERS.filter((k) => args[k] && (k !== 'kind' || what === 'events')).map((k) => [k, args[k]]));

const codes: [LedgerFilterName, MessageKey, string, number][] = [
    ['airport', 'col.airport', 'DRRN', 6], ['country', 'ledger.country', 'NE', 4], ['callsign', 'field.flight', 'RCH103', 8], ['operator', 'col.operator', 'RCH', 5],
    ['type', 'col.type', 'C17', 5], ['state', 'col.state', 'US', 4], ['registration', 'field.registration', '08-8204', 9], ['hex', 'ledger.address', 'ae07e4', 8], ['area', 'page.area', 'circle=13.5,2.2,60NM', 18],
];
const SURE: [string, MessageKey][] = [['', 'ledger.anySure'], ['0.4', 'sure.possible'], ['0.7', 'sure.probable'], ['0.95', 'sure.inferred']];

const take = (key: string) => (value: string) => changeArgs({ [key]: value, n: '' });
const wrongFor: Partial<Record<LedgerFilterName, (v: string) => boolean>> = LEDGER_ARGS;

function Fields({ args, what }: { args: PageProps['args']; what: What }) {
    const any: Option = { value: '', text: t('filter.any') };
    const active = LEDGER_FILTERS.some((k) => args[k]);
    return (
        <div class="fields">
            {codes.map(([key, label, hint, width]) => <TextField key={key} label={tOr(label, key)} value={args[key] ?? ''} hint={hint} size={width} take={take(key)} wrong={(v) => (wrongFor[key]?.(v) === false ? t('ledger.wrong', hint) : '')} />)}
            <Choice label={t('filter.class')} value={args.class ?? ''} take={take('class')} options={[any, ...KINDS.map((k) => ({ value: k, text: tOr(`kind.${k}`, k) }))]} />
            {what === 'events' && <Choice label={t('col.event')} value={args.kind ?? ''} take={take('kind')} options={[any, ...EVENT_KINDS.map((k) => ({ value: k, text: tOr(`claim.${k}`, k) }))]} />}
            <Choice label={t('place.whom')} value={args.military ?? ''} take={take('military')} options={[{ value: '', text: t('place.all') }, { value: '1', text: t('place.military') }, { value: '0', text: t('place.civil') }]} />
            <Choice label={t('ledger.atLeast')} value={args.p ?? ''} take={take('p')} options={SURE.map(([value, key]) => ({ value, text: tOr(key, key) }))} />
            {active && <button type="button" class="btn clear" onClick={() => goToPage('ledger', { what, from: args.from ?? '', to: args.to ?? '' })}>{t('filter.clear')}</button>}
        </div>
    );
}

function figures(what: What, s: LedgerSum): Figure[] {
    const lift = s.lift_offered;
    return [
        { label: t(`ledger.what.${what}`), value: <Ltr>{grouped(s.counted)}</Ltr>, note: s.rows > s.counted ? t('ledger.uncounted', s.rows - s.counted) : t('count.rows', s.rows) },
        { label: t('sure.observed'), value: <Ltr>{grouped(s.observed)}</Ltr>, note: t('ledger.observedNote') },
        { label: t('place.expected'), value: <Ltr>{grouped(s.expected, 1)}</Ltr>, note: t('ledger.interval', grouped(s.low), grouped(s.high)) },
        { label: t('place.liftPlan'), value: lift.of ? <><Ltr>{tons(lift.plan_kg)}</Ltr> {t('unit.t')}</> : NONE, note: lift.of ? t('ledger.liftRange', tons(lift.low_kg), tons(lift.max_kg), lift.of) : t('ledger.noLift') },
    ];
}

/* -p: by p, greatest first. */
const readSort = (text: string | undefined): TableSort | null => (text ? { key: text.replace(/^-/, ''), down: text.startsWith('-') } : null);

function save(ending: 'csv' | 'json', what: What, filter: LedgerFilter, period: Period, rows: LedgerRow[], sum: LedgerSum): void {
    const name = fileName([what, ...Object.values(filter), periodArgs(period).from], ending);
    if (ending === 'csv') saveFile(name, 'text/csv', csvText(LEDGER_KEYS, rows.map(ledgerValues)));
    else saveFile(name, 'application/json', JSON.stringify({ what, filter, ...periodArgs(period), link: location.href, sum, [what]: rows }, null, 1));
}

function Pages({ at, all }: { at: number; all: number }) {
    if (all < 2) return null;
    const go = (n: number) => changeArgs({ n: n === 1 ? '' : String(n) });
    return (
        <nav class="pagenav" aria-label={t('ledger.pages')}>
            <button type="button" class="btn" disabled={at <= 1} onClick={() => go(at - 1)}>{t('ledger.before')}</button>
            <span class="sec">{t('ledger.page', at, all)}</span>
            <button type="button" class="btn" disabled={at >= all} onClick={() => go(at + 1)}>{t('ledger.after')}</button>
        </nav>
    );
}

function Rows({ args, what, first, filter, period }: { args: PageProps['args']; what: What; first: LedgerAnswer; filter: LedgerFilter; period: Period }) {
    const [more, setMore] = useState<LedgerAnswer[]>([]);
    const [state, setState] = useState<'' | 'reading' | 'failed'>('');
    useEffect(() => {
        setMore([]);
        setState('');
    }, [first]);
    const read = [...first.rows, ...more.flatMap((a) => a.rows)];
    const next = more.length ? more[more.length - 1].next : first.next;
    const sort = readSort(args.sort);
    const list = COLUMNS[what]();
    const rows = ordered(read, list, sort);
    const pages = Math.max(1, Math.ceil(rows.length / PAGE_ROWS));
    const at = Math.min(pages, Math.max(1, Number(args.n ?? 1)));
    const readOn = async () => {
        setState('reading');
        try {
            const raw = await ask<Parameters<typeof readAnswer>[1]>(`${ledgerPath(what, filter, period, READ_AT_ONCE)}&after=${encodeURIComponent(next!)}`);
            setMore([...more, readAnswer(what, raw)]);
            setState('');
        } catch {
            setState('failed');
        }
    };
    return (
        <>
            <Figures list={figures(what, first.sum)} />
            <Card wide title={t(`ledger.what.${what}`)} note={t('ledger.read', read.length, first.sum.rows)} acts={<SaveButtons csv={() => save('csv', what, filter, period, rows, first.sum)} json={() => save('json', what, filter, period, rows, first.sum)} disabled={!rows.length} />}>
                {next !== null && <p class="sec sm more">{t('ledger.notAll')} <button type="button" class="btn" disabled={state === 'reading'} onClick={() => void readOn()}>{t('ledger.readOn')}</button> {state === 'failed' && <span class="bad" role="alert">{t('page.failed')}</span>}</p>}
                <DataTable caption={t('page.ledger')} columns={list} rows={rows.slice((at - 1) * PAGE_ROWS, at * PAGE_ROWS)} rowKey={rowKey} sort={sort} onSort={(s) => changeArgs({ sort: (s.down ? '-' : '') + s.key, n: '' })} empty={t('ledger.none')} detail={(r) => <EvidenceOf row={r} />} detailName={evidenceName} />
                <Pages at={at} all={pages} />
            </Card>
        </>
    );
}

export default function LedgerPage({ args }: PageProps) {
    useNames();
    const what = WHATS.find((w) => w === args.what) ?? 'arrivals';
    const period = usePeriod(args);
    const filter = filterOf(args, what);
    const isPhone = matchMedia('(max-width: 599px)').matches;
    const answer = useLedger(what, period && filter, period, READ_AT_ONCE);
    return (
        <>
            <PageHead title={t('page.ledger')} sub={t('ledger.sub')}>
                {period && <PeriodPicker period={period} />}
                <LinkButton />
            </PageHead>
            <section class="card filtercard" aria-label={t('filter.label')}>
                <div class="fields"><Segments label={t('ledger.what')} value={what} options={WHATS.map((w) => ({ value: w, text: t(`ledger.what.${w}`) }))} take={(w) => changeArgs({ what: w, n: '', sort: '', ...(w !== 'events' && { kind: '' }) })} /></div>
                <details open={!isPhone || LEDGER_FILTERS.some((k) => args[k])}>
                    <summary>{t('filter.label')}</summary>
                    <Fields args={args} what={what} />
                </details>
            </section>
            {period && <Answer of={answer}>{(a) => <Rows args={args} what={what} first={a} filter={filter} period={period} />}</Answer>}
        </>
    );
}

