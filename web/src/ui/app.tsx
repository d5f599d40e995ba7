// The desk: which parts stand beside each other is decided by CSS; which one is in front, here.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { cell, useCell } from '../cell';
import { css } from '../color';
import { past } from '../data/past';
import { sky } from '../data/sky';
import { filter, isFiltered, NO_FILTER, selection } from '../desk';
import { summary } from '../format';
import { said } from '../share';
import { palette } from '../theme';
import { STOPS_FT } from '../color';
import { t } from '../words';
import { theMap } from '../stage';
import { Clock, Simulation, SearchBox, TopBar } from './top';
import { Help, helpOpen } from './help';
import { Home, List, Logo, MapSign, Minus, More, Plus } from './icons';
import { Panel } from './panel';
import { Strip } from './strip';
import { Table } from './table';
import { PastBadge, TimeBar } from './time';

export type Front = 'map' | 'list';
export const front = cell<Front>('map'); // on a phone
export type Sheet = 'peek' | 'half' | 'full';
export const sheet = cell<Sheet>('half');

function Legend() {
    const p = useCell(palette);
    return (
        <div class="ov legend" role="group" aria-label={t('map.legend')}>
            <span>{t('map.legend')}</span>
            <div class="bar" style={{ background: `linear-gradient(in oklab to right, ${STOPS_FT.map((_, i) => p.token(`alt-${i}`)).join(', ')})` }} />
            <div class="tk">{STOPS_FT.map((ft) => <span key={ft}>{ft / 1000}</span>)}</div>
            <div class="keys2">
                <span><i class="sw" style={{ background: css(p.ramp.ground) }} />{t('map.ground')}</span>
                <span><i class="sw open" />{t('map.notHeard')}</span>
            </div>
        </div>
    );
}

function MapTools() {
    return (
        <div class="zoom">
            <button type="button" class="ib" aria-label={t('map.in')} title={t('map.in')} onClick={() => theMap()?.zoomBy(1)}><Plus /></button>
            <button type="button" class="ib" aria-label={t('map.out')} title={t('map.out')} onClick={() => theMap()?.zoomBy(-1)}><Minus /></button>
            <button type="button" class="ib" aria-label={t('map.home')} title={t('map.home')} onClick={() => theMap()?.home()}><Home /></button>
        </div>
    );
}

/* Nothing to see on the map though there is something to see elsewhere. */
function EmptyMap() {
    useCell(sky.version);
    const link = useCell(sky.link);
    const f = useCell(filter);
    const scene = theMap()?.scene;
    if (link !== 'live' || !scene || scene.count > 0 || sky.aircraft.size === 0) return null;
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
    const tab = (f: Front, label: string, Sign: typeof List) => (
        <button type="button" aria-current={at === f ? 'page' : undefined} onClick={() => front.set(f)}><Sign /><span>{label}</span></button>
    );
    return (
        <nav class="tabs" aria-label={t('nav.main')}>
            {tab('map', t('phone.map'), MapSign)}
            {tab('list', t('phone.list'), List)}
            <button type="button" aria-haspopup="dialog" onClick={() => helpOpen.set(true)}><More /><span>{t('phone.more')}</span></button>
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

export function App({ stand }: { stand: (box: HTMLElement) => void }) {
    const small = usePhone();
    const chosen = useCell(selection);
    const at = useCell(front);
    const size = useCell(sheet);
    const back = useCell(past);
    return (
        <div class="desk" data-past={back !== null} data-selected={chosen !== null} data-front={at} data-sheet={size}>
            {small ? <PhoneBar /> : <TopBar />}
            <Strip />
            <main class="parts">
                <h1 class="sr-only">{t('app.heading')}</h1>
                <div class="list">{small && at === 'list' && <SearchBox />}{(!small || at === 'list') && <Table />}</div>
                <Stage stand={stand} />
                {chosen !== null && <div class="sheet">{small && <Handle />}<Panel /></div>}
            </main>
            <TimeBar />
            {small && <Tabs />}
            <Help />
            <Announce />
        </div>
    );
}
