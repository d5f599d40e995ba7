// The desk: which parts stand beside each other is decided by CSS; which one is in front, here.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { cell, useCell, type Cell } from '../cell';
import { css } from '../color';
import { hasHistory, past } from '../data/past';
import { sky } from '../data/sky';
import { filter, isFiltered, NO_FILTER, selection } from '../desk';
import { altitudeOf, altitudeUnit, grouped, summary } from '../format';
import { said } from '../share';
import { palette } from '../theme';
import { STOPS_FT } from '../color';
import { DESK, goToDesk, goToPage, heading, pageOf, route } from '../route';
import { digits, months, units } from '../settings';
import { language, t } from '../words';
import { PageHost, titleOf } from './pagehost';
import { drawnCount, theMap } from '../stage';
import { SearchBox } from './search';
import { Clock, Simulation, TopBar } from './top';
import { helpOpen } from '../help';
import { Help } from './help';
import { Bell, ClockSign, List, Logo, MapSign, More } from './icons';
import { MapTools } from './maptools';
import { Panel } from './panel';
import { Strip } from './strip';
import { Table } from './table';
import { PastBadge, TimeBar } from './time';

export type Front = 'map' | 'list' | 'time'; // time: the map with all that chooses an instant
export const front = cell<Front>('map'); // on a phone
export const isTableAsked = cell(false); // where there is room for the table or the panel only
export type Sheet = 'peek' | 'half' | 'full';
export const sheet = cell<Sheet>('half');

/* Thousands: 0, 2, 34; 1.5 where meters ask for it. */
const stop = (height: number) => grouped(height / 1000, height >= 10_000 || height % 1000 === 0 ? 0 : 1);

function Legend() {
    const p = useCell(palette);
    return (
        <div class="ov legend" role="group" aria-label={t('map.legend', altitudeUnit())}>
            <span>{t('map.legend', altitudeUnit())}</span>
            <div class="bar" style={{ background: `linear-gradient(in oklab to right, ${STOPS_FT.map((_, i) => p.token(`alt-${i}`)).join(', ')})` }} />
            <div class="tk">{STOPS_FT.map((ft) => <span key={ft}>{stop(altitudeOf(ft))}</span>)}</div>
            <div class="keys2">
                <span><i class="sw" style={{ background: css(p.ramp.ground) }} />{t('map.ground')}</span>
                <span><i class="sw open" />{t('map.notHeard')}</span>
            </div>
        </div>
    );
}

/* Nothing to see on the map though there is something to see elsewhere. */
function EmptyMap() {
    useCell(sky.version);
    const link = useCell(sky.link);
    const f = useCell(filter);
    if (useCell(drawnCount) > 0 || link !== 'live' || !theMap() || sky.aircraft.size === 0) return null;
    return (
        <div class="ov note-map" role="status">
            <p class="st">{t('empty.none')}</p>
            <p class="mut">{t('empty.elsewhere', sky.aircraft.size)}</p>
            <button type="button" class="btn" onClick={() => { if (isFiltered(f)) filter.set(NO_FILTER); theMap()?.home(); }}>{t('empty.showAll')}</button>
        </div>
    );
}

function Stage({ stand }: { stand: (box: HTMLElement) => void }) {
    const box = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => stand(box.current!), []);
    return (
        <div class="mapbox">
            <div class="map" ref={box} />
            <Legend />
            <MapTools />
            <EmptyMap />
        </div>
    );
}

const ANNOUNCE_MS = 5000;

/* What a screen reader is told of the selection, at most every 5 s. */
function useSelectionText(): string {
    const hex = useCell(selection);
    const [text, setText] = useState('');
    const last = useRef(0);
    useEffect(() => {
        const wait = Math.max(150, last.current + ANNOUNCE_MS - performance.now());
        const timer = setTimeout(() => {
            last.current = performance.now();
            const a = hex ? sky.aircraft.get(hex) : undefined;
            setText(a ? t('announce.selected', a.flight || a.hex, summary(a)) : hex ? hex : t('announce.none'));
        }, hex === null && last.current === 0 ? 1e6 : wait);
        return () => clearTimeout(timer);
    }, [hex]);
    return text;
}

function Announce() {
    const text = useCell(said);
    return (
        <div role="status" aria-live="polite">
            <p class={`toast${text ? ' on' : ''}`}>{text}</p>
            <p class="sr-only">{useSelectionText()}</p>
        </div>
    );
}

function Handle() {
    const at = useCell(sheet);
    const order: Sheet[] = ['peek', 'half', 'full'];
    return <button type="button" class="hdl" aria-label={t('phone.sheet')} onClick={() => sheet.set(order[(order.indexOf(at) + 1) % 3])}><i /></button>;
}

function Tabs() {
    const at = useCell(front);
    const r = useCell(route);
    const has = useCell(hasHistory);
    const open = (f: Front) => {
        if (r.page) goToDesk();
        front.set(f);
    };
    const tab = (f: Front, label: string, Sign: typeof List) => (
        <button type="button" aria-current={!r.page && at === f ? 'page' : undefined} onClick={() => open(f)}><Sign /><span>{label}</span></button>
    );
    return (
        <nav class="tabs" aria-label={t('nav.main')}>
            {tab('map', t('phone.map'), MapSign)}
            {tab('list', t('phone.list'), List)}
            {has && tab('time', t('phone.time'), ClockSign)}
            <button type="button" aria-current={r.page === 'watches' ? 'page' : undefined} onClick={() => goToPage('watches')}><Bell /><span>{t('page.watches')}</span></button>
            <button type="button" aria-haspopup="dialog" aria-current={r.page && r.page !== 'watches' ? 'page' : undefined} onClick={() => helpOpen.set(true)}><More /><span>{t('phone.more')}</span></button>
        </nav>
    );
}

function PhoneBar() {
    return (
        <header class="pbar">
            <span class="brand"><Logo size={18} /></span>
            <Simulation />
            <PastBadge />
            <span class="grow" />
            <Clock />
        </header>
    );
}

function usePhone(): boolean {
    const query = matchMedia('(max-width: 599px)');
    const c = phone;
    useEffect(() => {
        const again = () => c.set(query.matches);
        query.addEventListener('change', again);
        return () => query.removeEventListener('change', again);
    }, []);
    return useCell(c);
}
const phone = cell(matchMedia('(max-width: 599px)').matches);

/* The document's title says where the reader is. */
function useTitle(): void {
    const r = useCell(route);
    const chosen = useCell(selection);
    const page = pageOf(r);
    const flight = chosen ? sky.aircraft.get(chosen)?.flight || chosen : '';
    const named = useCell(heading);
    const title = page ? named || titleOf(page.title) : flight;
    useEffect(() => {
        document.title = title ? `${title} · masar` : 'masar';
    }, [title]);
}

/* What changes every text of the page. */
function useSettings(): void {
    for (const c of [language, units, digits, months]) useCell(c as Cell<string>);
}

/* The panel before the table, where there is room for one of them. */
export function showPanel(): void {
    isTableAsked.set(false);
    front.set('map');
}

function Desk({ stand, small, hidden }: { stand: (box: HTMLElement) => void; small: boolean; hidden: boolean }) {
    const chosen = useCell(selection);
    const at = useCell(front);
    return (
        <main class="parts" inert={hidden} aria-hidden={hidden || undefined}>
            <h1 class="sr-only">{t('app.heading')}</h1>
            <div class="list">{small && at === 'list' && <SearchBox />}{!hidden && (!small || at === 'list') && <Table opened={showPanel} />}</div>
            <Stage stand={stand} />
            {chosen !== null && <div class="sheet">{small && <Handle />}<Panel /></div>}
        </main>
    );
}

export function App({ stand }: { stand: (box: HTMLElement) => void }) {
    useSettings();
    useTitle();
    const small = usePhone();
    const chosen = useCell(selection);
    const at = useCell(front);
    const size = useCell(sheet);
    const back = useCell(past);
    const r = useCell(route);
    const seen = useRef(false); // the map stands once the desk has been looked at, and stays
    const isPage = r.page !== DESK.page;
    const side = useCell(isTableAsked) ? 'list' : undefined;
    seen.current ||= !isPage;
    return (
        <div class="desk" data-past={back !== null} data-selected={chosen !== null} data-front={at} data-sheet={size} data-page={isPage} data-side={side}>
            {small ? <PhoneBar /> : <TopBar />}
            <Strip />
            {seen.current && <Desk stand={stand} small={small} hidden={isPage} />}
            {isPage && <PageHost key={r.page} />}
            {!isPage && <TimeBar />}
            {small && <Tabs />}
            <Help />
            <Announce />
        </div>
    );
}
