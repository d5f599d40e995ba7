// What pages are made of: heading, cards, figures, tables, certainty, times, links. All of it turns
// with the language by itself; tokens of another script stand in isolates.
import { Fragment, type ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { airports, cityOf, type Airport } from '../data/airports';
import type { Question } from '../data/ask';
import { dateAndTime, dayMonth, isolated, NONE, percent, zSpan, zTime } from '../format';
import { PAGES, type PageProps } from '../pages';
import { heading, hrefOf, route } from '../route';
import type { Band } from '../sure';
import { t, type MessageKey } from '../words';
import { Down, Up } from './icons';

/* A call sign, registration, code, address: left to right in every language. */
export const Id = ({ children }: { children: ComponentChildren }) => <bdi class="id ltr">{children}</bdi>;
export const Ltr = ({ children, muted = false }: { children: ComponentChildren; muted?: boolean }) => <bdi class={muted ? 'ltr mut' : 'ltr'}>{children}</bdi>;

/* An instant, and the interval in which something happened. */
export const At = ({ at }: { at: number }) => (at !== at ? <>{NONE}</> : <time dateTime={new Date(at * 1000).toISOString()}><bdi>{dateAndTime(at)}</bdi></time>);
export function Span({ lo, hi }: { lo: number; hi: number }) {
    if (lo !== lo || hi !== hi) return <span class="span">{lo === lo ? t('span.since', `${dayMonth(lo)} ${isolated(zTime(lo, false))}`) : hi === hi ? t('span.until', `${dayMonth(hi)} ${isolated(zTime(hi, false))}`) : NONE}</span>;
    if (Math.floor(lo / 86_400) === Math.floor(hi / 86_400)) return <bdi class="ltr">{zSpan(lo, hi)}</bdi>;
    const end = (at: number) => <bdi>{dayMonth(at)} <bdi class="ltr">{zTime(at, false)}</bdi></bdi>;
    return <span class="span">{end(lo)} – {end(hi)}</span>;
}

/* The same with its day, where it is within one. */
export const DaySpan = ({ lo, hi }: { lo: number; hi: number }) => <span class="span">{Math.floor(lo / 86_400) === Math.floor(hi / 86_400) && `${dayMonth(lo)} `}<Span lo={lo} hi={hi} /></span>;

/* What is made once it is opened. */
export function Folded({ title, kind, children }: { title: string; kind?: string; children: () => ComponentChildren }) {
    const [isOpen, set] = useState(false);
    return <details class={kind} onToggle={(e) => set(e.currentTarget.open)}><summary>{title}</summary>{isOpen && children()}</details>;
}

const BELOW_WAITS_MS = 60;

/* What lies below the first screen: made once that has been drawn. */
export function Below({ children }: { children: () => ComponentChildren }) {
    const [isDue, set] = useState(false);
    useEffect(() => {
        const due = setTimeout(() => set(true), BELOW_WAITS_MS);
        return () => clearTimeout(due);
    }, []);
    return <>{isDue && children()}</>;
}

/* The glyph of a band: ink, never a hue of its own. */
export function SureGlyph({ band, size = 13 }: { band: Band; size?: number }) {
    const c = `var(--cert-${band})`;
    return (
        <svg class="g" width={size} height={size} viewBox="0 0 14 14" aria-hidden="true" fill="none" stroke={c} stroke-width="1.5">
            {band === 'observed' && <circle cx="7" cy="7" r="6" fill={c} stroke="none" />}
            {band === 'inferred' && <><circle cx="7" cy="7" r="5.6" /><circle cx="7" cy="7" r="3" fill={c} stroke="none" /></>}
            {band === 'probable' && <><circle cx="7" cy="7" r="5.6" /><path d="M7 1.4a5.6 5.6 0 0 1 0 11.2z" fill={c} stroke="none" /></>}
            {band === 'possible' && <><circle cx="7" cy="7" r="5.6" /><path d="M7 7V1.4A5.6 5.6 0 0 1 12.6 7z" fill={c} stroke="none" /></>}
            {band === 'unknown' && <circle cx="7" cy="7" r="5.6" stroke-dasharray="2.2 2.2" />}
        </svg>
    );
}

export function Sure({ band, p }: { band: Band; p?: number }) {
    return (
        <span class="sure">
            <SureGlyph band={band} /> {t(`sure.${band}`)}
            {p !== undefined && <bdi class="ltr mut"> {percent(p)}</bdi>}
        </span>
    );
}

/* `named`: what the browser calls the page where its title is more than a text. */
export function PageHead({ title, sub, named, children }: { title: ComponentChildren; sub?: ComponentChildren; named?: string; children?: ComponentChildren }) {
    const name = named ?? (typeof title === 'string' ? title : '');
    useEffect(() => {
        heading.set(name);
        return () => heading.set('');
    }, [name]);
    return (
        <header class="pagehead">
            <div>
                <h1 id="page-title" tabIndex={-1}>{title}</h1>
                {sub && <p class="sec">{sub}</p>}
            </div>
            {children && <div class="pageacts">{children}</div>}
        </header>
    );
}

export function Card({ title, note, acts, children, wide = false }: { title: ComponentChildren; note?: ComponentChildren; acts?: ComponentChildren; children: ComponentChildren; wide?: boolean }) {
    return (
        <section class={wide ? 'card wide' : 'card'}>
            <div class="cardhead"><h2>{title}</h2>{note && <span class="mut sm">{note}</span>}{acts && <span class="cardacts">{acts}</span>}</div>
            {children}
        </section>
    );
}

/* What a page does not say, in sentences. */
export const NotSaid = ({ list }: { list: string[] }) => <Card title={t('page.notSaid')}><ul class="says">{list.map((s) => <li key={s}>{s}</li>)}</ul></Card>;

export interface Figure {
    value: ComponentChildren;
    label: ComponentChildren;
    note?: ComponentChildren;
}
export const Figures = ({ list }: { list: Figure[] }) => (
    <dl class="figures">
        {list.map((f, i) => <div key={i}><dt>{f.label}</dt><dd><b>{f.value}</b>{f.note && <span class="mut sm">{f.note}</span>}</dd></div>)}
    </dl>
);

export interface TableColumn<T> {
    key: string;
    head: ComponentChildren;
    cell: (row: T) => ComponentChildren;
    isNumeric?: boolean; // aligned on the unit digit, physically right
    sortBy?: (row: T) => string | number; // the same in every language, so that orders agree
}
export interface TableSort {
    key: string;
    down: boolean;
}
interface TableProps<T> {
    caption: string;
    columns: TableColumn<T>[];
    rows: T[];
    rowKey: (row: T) => string;
    first?: TableSort;
    sort?: TableSort | null; // where the order is kept elsewhere, say in the page's link
    onSort?: (sort: TableSort) => void;
    empty?: ComponentChildren;
    most?: number; // rows shown at first; a button shows the rest
    detail?: (row: T) => ComponentChildren; // what a row rests on, opened beneath it by a button at its end
    detailName?: (row: T) => string; // of that button
}

/* The rows in the order of a column; what is not known comes last. */
export function ordered<T>(rows: T[], columns: TableColumn<T>[], s: TableSort | null): T[] {
    const by = columns.find((c) => c.key === s?.key)?.sortBy;
    if (!s || !by) return rows;
    const sign = s.down ? -1 : 1;
    const unknown = (v: string | number) => v === '' || v !== v;
    return rows.map((r, i) => ({ r, i, k: by(r) })).sort((p, q) => {
        if (unknown(p.k) !== unknown(q.k)) return unknown(p.k) ? 1 : -1;
        return p.k < q.k ? -sign : p.k > q.k ? sign : p.i - q.i;
    }).map((o) => o.r);
}

/* A table in a box of its own that alone scrolls sideways; heads sort. */
export function DataTable<T>({ caption, columns, rows, rowKey, first, sort: told, onSort, empty, most = 500, detail, detailName }: TableProps<T>) {
    const [own, setOwn] = useState<TableSort | null>(first ?? null);
    const sort = told !== undefined ? told : own;
    const [all, showAll] = useState(false);
    const [opened, setOpened] = useState('');
    const list = useMemo(() => ordered(rows, columns, sort), [rows, sort, columns.length]);
    if (!rows.length) return <p class="empty mut">{empty ?? t('page.none')}</p>;
    const shown = all ? list : list.slice(0, most);
    const press = (key: string) => (onSort ?? setOwn)({ key, down: sort?.key === key ? !sort.down : false });
    return (
        <div class="tablebox" role="region" aria-label={caption} tabIndex={0}>
            <table class="data">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>
                        {columns.map((c) => {
                            const on = sort?.key === c.key;
                            return (
                                <th scope="col" key={c.key} class={c.isNumeric ? 'n' : ''} aria-sort={!c.sortBy ? undefined : on ? (sort.down ? 'descending' : 'ascending') : 'none'}>
                                    {c.sortBy ? <button type="button" onClick={() => press(c.key)}>{c.head}{on && (sort.down ? <Down /> : <Up />)}</button> : c.head}
                                </th>
                            );
                        })}
                        {detail && <th scope="col"><span class="sr-only">{t('page.evidence')}</span></th>}
                    </tr>
                </thead>
                <tbody>
                    {shown.map((r) => {
                        const key = rowKey(r);
                        const isOpen = opened === key;
                        return (
                            <Fragment key={key}>
                                <tr class={isOpen ? 'open' : ''}>
                                    {columns.map((c) => <td key={c.key} class={c.isNumeric ? 'n' : ''}>{c.cell(r)}</td>)}
                                    {detail && <td class="n"><button type="button" class="plain" aria-expanded={isOpen} aria-label={detailName?.(r)} onClick={() => setOpened(isOpen ? '' : key)}>{t('page.evidence')}</button></td>}
                                </tr>
                                {detail && isOpen && <tr class="detail"><td colSpan={columns.length + 1}>{detail(r)}</td></tr>}
                            </Fragment>
                        );
                    })}
                </tbody>
            </table>
            {shown.length < list.length && <p class="more"><button type="button" class="btn" onClick={() => showAll(true)}>{t('count.rows', list.length)}</button></p>}
        </div>
    );
}

/* What the server answered, or why it did not, with a way to ask again. */
export function Answer<T>({ of, children }: { of: Question<T>; children: (answer: T) => ComponentChildren }) {
    const { asked, again } = of;
    if (asked.state === 'failed')
        return (
            <div class="empty" role="alert">
                <p>{t('page.failed')} <bdi class="quoted">{asked.error}</bdi></p>
                <button type="button" class="btn" onClick={again}>{t('page.again')}</button>
            </div>
        );
    if (asked.answer === null) return <p class="empty loading mut" role="status">{t('page.loading')}</p>;
    return <>{children(asked.answer)}</>;
}

const KEPT = ['from', 'to', 'mil']; // from page to page the reader goes on looking at the same days

/* A link to a page, where that page is there; else the words alone. */
export function PageLink({ page, args = {}, children, class: c }: { page: string; args?: PageProps['args']; children: ComponentChildren; class?: string }) {
    const to = PAGES.find((p) => p.name === page);
    if (!to) return <span class={c}>{children}</span>;
    const kept = Object.entries(route.get().args).filter(([k]) => KEPT.includes(k) && Object.hasOwn(to.args, k));
    return <a href={hrefOf(page, { ...args, ...Object.fromEntries(kept.filter(([k]) => !Object.hasOwn(args, k))) })} class={c}>{children}</a>;
}

let known = new Map<string, Airport>();

/* The airports by code, once they are read. */
export function useAirports(): Map<string, Airport> {
    const [byCode, set] = useState(known);
    useEffect(() => {
        if (byCode.size) return;
        void airports().then((all) => {
            if (!known.size) known = new Map(all.map((a) => [a.icao, a]));
            set(known);
        });
    }, []);
    return byCode;
}

/* City in the reader's language, then the code: the name before its code. */
export function AirportRef({ code, isShort = false }: { code: string; isShort?: boolean }) {
    const a = useAirports().get(code);
    return (
        <PageLink page="airport" args={{ airport: code }}>
            {a && <bdi>{cityOf(a)}</bdi>}
            {a && !isShort && ' '}
            {(!a || !isShort) && <bdi class="ltr mut">{code}</bdi>}
        </PageLink>
    );
}

export function AircraftRef({ hex, flight }: { hex: string; flight?: string }) {
    return <PageLink page="aircraft" args={{ hex }}><Id>{flight || hex}</Id></PageLink>;
}

export const Title = ({ of }: { of: MessageKey }) => <>{(t as (k: MessageKey) => string)(of)}</>;
