// The table: the same aircraft as the map, rows of one height, of which only those in sight exist.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { css } from '../color';
import { isEmergency, isSilent, hasPlace, SILENT_S, type Aircraft } from '../data/aircraft';
import { boundName, showsRows } from '../data/bound';
import { falseOf } from '../data/falsehoods';
import { isFalseAt } from '../data/movement';
import { past } from '../data/past';
import { farM } from '../data/receivers';
import { serverNow, sky } from '../data/sky';
import {
    filter, hovered, rows, select, selection, shownRows, sort, view, type Column, type Sort,
} from '../desk';
import { age, altitude, altitudeUnit, degrees3, distance, distanceUnit, NONE, percent, speed, speedUnit } from '../format';
import { lastColumn } from '../settings';
import { palette } from '../theme';
import { took } from '../took';
import { t, tOr, type MessageKey } from '../words';
import { EmptyTable } from './empty';
import { sentence } from './bound';
import { FilterBar } from './filters';
import { Climb, Descend, Down, Mlat, Needle, Silhouette, Spoofed, To, Up } from './icons';
import { titleOf } from './pagehost';
import { SureGlyph } from './parts';

const OVERSCAN = 6;
const HEAD_PX = 27; // of the heads, which stay while rows scroll
const STEADY_FPM = 200;

interface Head {
    column: Column;
    head: () => string;
    name: MessageKey; // a text without arguments
    numeric?: boolean;
    textual?: boolean;
}
const COLUMNS: Head[] = [
    { column: 'flight', head: () => t('col.flight'), name: 'col.flight', textual: true },
    { column: 'type', head: () => t('col.type'), name: 'col.type', textual: true },
    { column: 'alt', head: () => t('col.alt', altitudeUnit()), name: 'sort.alt', numeric: true },
    { column: 'gs', head: () => t('col.gs', speedUnit()), name: 'sort.gs', numeric: true },
    { column: 'bound', head: () => t('col.whither'), name: 'col.bound', textual: true },
];
/* Of which one stands last: the one sorted by, else the reader's choice. */
const LAST: Head[] = [
    { column: 'age', head: () => t('col.age'), name: 'col.age', numeric: true },
    { column: 'registration', head: () => t('col.registration'), name: 'sort.registration', textual: true },
    { column: 'squawk', head: () => t('col.squawk'), name: 'filter.squawk' },
    { column: 'far', head: () => t('col.far', distanceUnit()), name: 'sort.far', numeric: true },
];
const lastOf = (order: Sort, chosen: string) => LAST.find((c) => c.column === order.column) ?? LAST.find((c) => c.column === chosen)!;

function Heads({ order, last }: { order: Sort; last: Head }) {
    const press = (c: Column) => sort.set({ column: c, down: order.column === c ? !order.down : c === 'alt' || c === 'gs' });
    return (
        <div class="tr head" role="row" aria-rowindex={1}>
            {[...COLUMNS, last].map(({ column, head, name, numeric }) => {
                const on = order.column === column;
                return (
                    <div role="columnheader" key={column} class={`th c-${column}${numeric ? ' n' : ''}${column === last.column ? ' c-last' : ''}`} aria-sort={on ? (order.down ? 'descending' : 'ascending') : 'none'}>
                        <button type="button" title={titleOf(name)} onClick={() => press(column)}>
                            {head()}
                            {on && (order.down ? <Down /> : <Up />)}
                        </button>
                    </div>
                );
            })}
        </div>
    );
}

function State({ a }: { a: Aircraft }) {
    if (isEmergency(a))
        return <span class="bad">{tOr(`emergency.${a.emergency}`, '') || a.squawk}</span>;
    const back = past.get();
    const b = back ? null : a.bound;
    if (b?.isSpoofed || (back && falseOf.get().get(a.hex)?.some((e) => isFalseAt(e, serverNow() * 1000)))) return <span class="spoofed"><Spoofed />{t('state.spoofed')}</span>;
    const name = boundName(b);
    if (b && name)
        return (
            <span class="to" title={sentence(t(b.isFlying ? 'say.bound' : 'say.landed', b.band, name))}>
                <SureGlyph band={b.band} />{b.isFlying && <To />}<bdi>{name}</bdi> <bdi class="ltr mut">{percent(b.p)}</bdi>
            </span>
        );
    const mlat = a.origin === 'mlat' && <Mlat />;
    if (!hasPlace(a) && a.track !== a.track) return <span class="mut">{t('state.noPosition')}</span>;
    return (
        <>
            {mlat}
            {a.track === a.track ? <><Needle deg={a.track} /><bdi class="ltr">{degrees3(a.track)}</bdi></> : <span class="mut">{NONE}</span>}
            {a.rate > STEADY_FPM && <span class="sec" title={t('state.climb')}><Climb /></span>}
            {a.rate < -STEADY_FPM && <span class="sec" title={t('state.descent')}><Descend /></span>}
        </>
    );
}

function Altitude({ a }: { a: Aircraft }) {
    const ramp = palette.get().ramp;
    if (a.ground) return <span class="mut"><i class="tick" style={{ background: css(ramp.ground) }} />{t('alt.ground')}</span>;
    if (a.alt !== a.alt) return <span class="mut">{NONE}</span>;
    return <bdi class="ltr"><i class="tick" style={{ background: css(ramp.at(a.alt)) }} />{altitude(a.alt)[0]}</bdi>;
}

function Last({ a, now, column }: { a: Aircraft; now: number; column: Column }) {
    if (column === 'age') return <bdi>{age(now - a.seenAt)}</bdi>;
    const far = column === 'far' ? farM(a) : NaN;
    const text = column === 'registration' ? a.registration : column === 'squawk' ? a.squawk : far === far ? distance(far)[0] : '';
    return text ? <bdi class="ltr">{text}</bdi> : <span class="mut">{NONE}</span>;
}

export const rowId = (hex: string) => `row-${hex.replace('~', 'x')}`;

function Row({ a, now, index, top, selected, last, opened }: { a: Aircraft; now: number; index: number; top: number; selected: boolean; last: Column; opened: () => void }) {
    const silent = !hasPlace(a) || now - a.posAt > SILENT_S;
    return (
        <div
            role="row"
            class={isSilent(a, now) ? 'tr silent' : 'tr'}
            id={rowId(a.hex)}
            aria-rowindex={index + 2}
            aria-selected={selected}
            style={{ transform: `translateY(${top}px)` }}
            onClick={() => { select(a.hex); opened(); }}
            onMouseEnter={() => hovered.set(a.hex)}
            onMouseLeave={() => hovered.set(null)}
        >
            <div role="gridcell" class="td c-flight">
                <Silhouette shape={a.shape} size={16} outline={silent} />
                {a.flight ? <bdi class="id">{a.flight}</bdi> : <span class="mut">{t('value.noFlight')}</span>}
            </div>
            <div role="gridcell" class="td c-type">
                {a.type ? <bdi class="ltr">{a.type}</bdi> : a.category ? <bdi class="ltr sec" title={tOr(`category.${a.category}`, '')}>{a.category}</bdi> : <span class="mut">{NONE}</span>}
            </div>
            <div role="gridcell" class="td c-alt n"><Altitude a={a} /></div>
            <div role="gridcell" class="td c-gs n">{a.gs === a.gs ? <bdi class="ltr">{speed(a.gs)[0]}</bdi> : <span class="mut">{NONE}</span>}</div>
            <div role="gridcell" class="td c-bound"><State a={a} /></div>
            <div role="gridcell" class="td c-last n"><Last a={a} now={now} column={last} /></div>
        </div>
    );
}

function useRowHeight(): number {
    const read = () => (matchMedia('(pointer: coarse), (max-width: 599px)').matches ? 48 : 28);
    const [h, set] = useState(read);
    useEffect(() => {
        const again = () => set(read());
        addEventListener('resize', again);
        return () => removeEventListener('resize', again);
    }, []);
    return h;
}

/* Keeps a row in sight, below the heads, without moving more than it must. */
function scrollTo(box: HTMLElement, top: number, height: number): void {
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + height > box.scrollTop + box.clientHeight - HEAD_PX)
        box.scrollTop = top + height - box.clientHeight + HEAD_PX;
}

function useRows(): { list: readonly Aircraft[]; now: number } {
    useCell(sky.version);
    useCell(falseOf);
    const f = useCell(filter);
    const s = useCell(sort);
    const v = f.inView ? useCellIf(view) : view.get();
    const now = sky.clock.known ? serverNow() : 0;
    return { list: took('table', () => rows(f, s, v, now)), now };
}
const useCellIf = useCell;

/* `opened`: a row was pressed. */
export function Table({ opened }: { opened: () => void }) {
    useCell(palette);
    const order = useCell(sort);
    const chosen = useCell(selection);
    const end = lastOf(order, useCell(lastColumn));
    const { list, now } = useRows();
    const box = useRef<HTMLDivElement>(null);
    const [scroll, setScroll] = useState({ top: 0, height: 800 });
    const height = useRowHeight();
    const first = Math.max(0, Math.floor(scroll.top / height) - OVERSCAN);
    const last = Math.min(list.length, Math.ceil((scroll.top + scroll.height) / height) + OVERSCAN);

    useEffect(() => {
        const el = box.current!;
        const read = () => setScroll({ top: el.scrollTop, height: el.clientHeight - HEAD_PX });
        const seen = new ResizeObserver(read);
        seen.observe(el);
        el.addEventListener('scroll', read, { passive: true });
        return () => {
            seen.disconnect();
            el.removeEventListener('scroll', read);
        };
    }, []);
    const at = list.findIndex((a) => a.hex === chosen);
    const was = useRef({ at: -1, hex: '', order });
    useEffect(() => {
        const el = box.current!;
        const before = was.current;
        was.current = { at, hex: chosen ?? '', order };
        if (at < 0) return;
        const inSight = before.at * height >= el.scrollTop - height && before.at * height < el.scrollTop + el.clientHeight;
        if (before.hex !== chosen || before.order !== order || before.at < 0) scrollTo(el, at * height, height);
        else if (before.at !== at && inSight) el.scrollTop += (at - before.at) * height;
    }, [at, chosen, order]);

    const step = (by: number) => {
        if (!list.length) return;
        const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + by));
        select(list[next].hex);
    };
    const keys: Record<string, () => void> = {
        ArrowDown: () => step(1),
        ArrowUp: () => step(-1),
        PageDown: () => step(Math.floor(scroll.height / height)),
        PageUp: () => step(-Math.floor(scroll.height / height)),
        Home: () => step(-list.length),
        End: () => step(list.length),
        Enter: () => { if (chosen) { opened(); setTimeout(() => document.getElementById('panel')?.focus()); } },
    };
    const onKeyDown = (e: KeyboardEvent) => {
        const act = e.altKey || e.ctrlKey || e.metaKey ? undefined : keys[e.key];
        if (!act) return;
        e.preventDefault();
        act();
    };
    const shown = list.slice(first, last);
    showsRows(shown);
    const active = chosen && shown.some((a) => a.hex === chosen) ? rowId(chosen) : undefined;
    return (
        <section class="side" aria-label={t('table.label')}>
            <FilterBar />
            <div class="grid" ref={box} role="grid" aria-label={t('table.title')} aria-rowcount={list.length + 1} aria-colcount={COLUMNS.length + 1} data-last={end.column} tabIndex={0} id="table" aria-activedescendant={active} onKeyDown={onKeyDown}>
                <div role="rowgroup" class="heads"><Heads order={order} last={end} /></div>
                <div role="rowgroup" class="rows" style={{ blockSize: `${list.length * height}px` }}>
                    {shown.map((a, i) => (
                        <Row key={a.hex} a={a} now={now} index={first + i} top={(first + i) * height} selected={a.hex === chosen} last={end.column} opened={opened} />
                    ))}
                </div>
            </div>
            {list.length === 0 && <EmptyTable />}
            <p class="foot">{footing(list.length, order)}</p>
        </section>
    );
}

function footing(shown: number, order: Sort): string {
    const mask = shownRows();
    const all = mask ? mask.reduce((sum, on) => sum + on, 0) : sky.aircraft.size;
    const c = [...COLUMNS, ...LAST].find((k) => k.column === order.column);
    const name = titleOf(c?.name ?? 'sort.track');
    return `${t('table.rows', shown, Math.max(all, shown))} · ${c?.textual ? t('table.sortText', name, order.down) : t('table.sorted', name, order.down)}`;
}
