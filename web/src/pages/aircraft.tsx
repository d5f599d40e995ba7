// An aircraft: who it is, where it is bound or stands, its flights, one of them on a map with altitude
// and speed below, its stays and events, and the evidence of each down to positions and receivers.
import { lazyPart } from '../ui/lazy';
import { useMemo, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { useAsk } from '../data/ask';
import { lengthOf, rowBand, rowKey, spanOf, useLedger, type LedgerRow } from '../data/ledger';
import type { Movement } from '../data/movement';
import { shapeOfType } from '../data/known';
import { sky } from '../data/sky';
import { altitude, dateAndTime, grouped, NONE, position, speed, zTime } from '../format';
import { writeInstant } from '../instant';
import type { FalseSpan } from '../map/trail';
import { shapeFor } from '../map/silhouettes';
import { countryName } from '../names';
import { changeArgs } from '../route';
import { t, tOr } from '../words';
import { LinkButton } from '../ui/acts';
import { BoundOf } from '../ui/bound';
import { TextField } from '../ui/form';
import { Silhouette } from '../ui/icons';
import { PeriodPicker, usePeriod } from '../ui/period';
import { Answer, Card, DataTable, Figures, Id, Ltr, NotSaid, PageHead, PageLink, Span, Sure, useAirports, type Figure, type TableColumn } from '../ui/parts';
import type { PageProps } from '.';
import { isHex } from './args';
import { flightSpan, pointAt, readTrail, type FlightPoint } from './aircraft_flight';
import { FlightMap } from './aircraft_map';
import { FigureButtons } from './figurebuttons';
import { WhoCard, type Who } from './aircraft_who';
import { columns, duration, durations, evidenceName, EvidenceOf, useNames } from './ledger_parts';
import { medianStay } from './place_days';

const FIRST_DAYS = 30;
const POINTS_MOST = 20_000;

const Profile = lazyPart(() => import('./aircraft_profile'));

/* One name among the flights of an aircraft. */
const flightName = (r: LedgerRow) => `${r.epoch}.${r.leg ?? ''}.${r.row}`;

interface Heard {
    receiver: string;
    origin: string;
    positions: number;
    first: number;
    last: number;
}

const heardColumns = (): TableColumn<Heard>[] => [
    { key: 'receiver', head: t('panel.receiver'), cell: (h) => (h.receiver ? <Id>{h.receiver}</Id> : <span class="mut">{t('ledger.unknown')}</span>), sortBy: (h) => h.receiver },
    { key: 'origin', head: t('panel.origin'), cell: (h) => tOr(`origin.${h.origin}`, h.origin), sortBy: (h) => h.origin },
    { key: 'positions', head: t('place.positions'), isNumeric: true, cell: (h) => <Ltr>{grouped(h.positions)}</Ltr>, sortBy: (h) => h.positions },
    { key: 'span', head: t('place.staySpan'), isNumeric: true, cell: (h) => <Span lo={h.first} hi={h.last} />, sortBy: (h) => h.first },
];

function heardBy(points: { t: number; type: string; rId?: string }[]): Heard[] {
    const all = new Map<string, Heard>();
    for (const p of points) {
        const key = `${p.rId ?? ''} ${p.type}`;
        const h = all.get(key);
        if (h) {
            h.positions++;
            h.last = p.t;
        } else all.set(key, { receiver: p.rId ?? '', origin: p.type, positions: 1, first: p.t, last: p.t });
    }
    return [...all.values()].sort((p, q) => q.positions - p.positions);
}

/* Who heard a flight, and through what. */
function Receivers({ hex, from, to }: { hex: string; from: number; to: number }) {
    const question = useAsk<{ points: { t: number; type: string; rId?: string }[] }>(`api/v1/history/points?${new URLSearchParams({ hex, from: writeInstant(from), to: writeInstant(to), limit: String(POINTS_MOST) }).toString()}`);
    return <Answer of={question}>{(a) => <DataTable caption={t('aircraft.heardBy')} columns={heardColumns()} rows={heardBy(a.points)} rowKey={(h) => `${h.receiver} ${h.origin}`} empty={t('evidence.noFixes')} first={{ key: 'positions', down: true }} most={8} />}</Answer>;
}

function Readout({ p }: { p: FlightPoint }) {
    return (
        <p class="readout" role="status">
            <b><Ltr>{zTime(p.t)}</Ltr></b> <Ltr>{position(p.lat, p.lon, 3)}</Ltr> <bdi>{p.ground ? t('state.ground') : p.alt === p.alt ? altitude(p.alt).join(' ') : t('ledger.unknown')}</bdi> <bdi>{p.gs === p.gs ? speed(p.gs).join(' ') : ''}</bdi>
        </p>
    );
}

type FalseSpans = readonly FalseSpan[];

function Track({ hex, row, points, falseSpans }: { hex: string; row: LedgerRow; points: FlightPoint[]; falseSpans: FalseSpans }) {
    const [at, show] = useState(points[points.length >> 1].t);
    const here = pointAt(points, at);
    const codes = [row.from, row.to].filter((c): c is string => !!c);
    return (
        <>
            <FlightMap points={points} here={here} codes={codes} falseSpans={falseSpans} />
            {here && <Readout p={here} />}
            <Profile points={points} at={at} show={show} />
            <p class="more"><a class="btn" href={`#sel=${hex}&at=${writeInstant(here?.t ?? at)}`}>{t('evidence.onMap')}</a></p>
        </>
    );
}

function Flight({ hex, row, falseSpans }: { hex: string; row: LedgerRow; falseSpans: FalseSpans }) {
    const span = flightSpan(row);
    const path = span && `api/v1/aircraft/${hex}/trail?${new URLSearchParams({ at: writeInstant(span.to), hours: ((span.to - span.from) / 3600).toFixed(2) }).toString()}`;
    const question = useAsk<{ columns: string[]; points: (number | string | null)[][] }>(path);
    const answer = question.asked.answer;
    const points = useMemo(() => (answer ? readTrail(answer.columns, answer.points) : []), [answer]);
    if (!span) return <p class="empty mut">{t('aircraft.noTimes')}</p>;
    return <Answer of={question}>{() => (points.length > 1 ? <Track key={`${points[0].t}`} hex={hex} row={row} points={points} falseSpans={falseSpans} /> : <p class="empty mut">{t('aircraft.noTrack')}</p>)}</Answer>;
}

const flightColumns = (chosen: string): TableColumn<LedgerRow>[] => {
    const pick = (r: LedgerRow) => <button type="button" class="plain" aria-pressed={flightName(r) === chosen} onClick={() => changeArgs({ leg: flightName(r) })}>{t(flightName(r) === chosen ? 'aircraft.shown' : 'aircraft.show')}</button>;
    return [columns.day(), { ...columns.time(), head: t('aircraft.flown') }, columns.from(), columns.to(), columns.length(), { key: 'callsign', head: t('field.flight'), cell: (r) => (r.callsign ? <Id>{r.callsign}</Id> : <span class="mut">{t('value.noFlight')}</span>), sortBy: (r) => r.callsign ?? '' }, columns.sure(), { key: 'pick', head: <span class="sr-only">{t('aircraft.show')}</span>, cell: pick }];
};

const stayColumns = (): TableColumn<LedgerRow>[] => [columns.airport(), { key: 'lo', head: t('place.staySpan'), isNumeric: true, cell: (r) => <Span {...spanOf(r)} />, sortBy: (r) => spanOf(r).lo }, columns.length(), columns.sure()];
const eventColumns = (): TableColumn<LedgerRow>[] => [columns.kind(), columns.day(), columns.time(), columns.airport(), columns.sure()];

function figures(flights: LedgerRow[], stays: LedgerRow[], now: Movement | null): Figure[] {
    const counted = flights.filter((r) => r.sortie !== 0);
    const [least, most] = flights.map(lengthOf).filter((l) => l.most === l.most).reduce(([lo, hi], l) => [lo + l.least, hi + l.most], [0, 0]);
    const median = medianStay(stays);
    return [
        { label: t('aircraft.flights'), value: <Ltr>{grouped(counted.length)}</Ltr>, note: t('aircraft.observed', counted.filter((r) => r.observed).length) },
        { label: t('aircraft.hours'), value: flights.length ? <><Ltr>{durations(least, most)}</Ltr> {t('unit.h')}</> : NONE, note: t('aircraft.hoursNote') },
        { label: t('place.staysTitle'), value: <Ltr>{grouped(stays.length)}</Ltr>, note: median === median ? t('aircraft.medianStay', duration(median)) : t('place.noStays') },
        { label: t('aircraft.now'), value: now ? t(`aircraft.state.${now.state}`) : NONE, note: now ? <bdi>{dateAndTime(Date.parse(now.as_of) / 1000)}</bdi> : t('aircraft.noLedger') },
    ];
}

function Movements({ hex, args, flights, stays, events, now }: { hex: string; args: PageProps['args']; flights: LedgerRow[]; stays: LedgerRow[]; events: LedgerRow[]; now: Movement | null }) {
    const shown = flights.find((r) => flightName(r) === args.leg) ?? [...flights].reverse().find((r) => flightSpan(r)) ?? null;
    const span = shown && flightSpan(shown);
    const falseSpans = events.filter((r) => r.kind === 'spoofed').map((r): FalseSpan => [spanOf(r).lo, spanOf(r).hi]);
    return (
        <>
            <Figures list={figures(flights, stays, now)} />
            <div class="cols">
                <div>{shown ? <Card title={t('aircraft.flight')} note={<><Id>{shown.callsign ?? hex}</Id> <Span {...spanOf(shown)} /></>} acts={<><Sure band={rowBand(shown)} p={shown.observed ? undefined : shown.p} /> <FigureButtons name={`${hex}-flight`} /></>}><Flight key={flightName(shown)} hex={hex} row={shown} falseSpans={falseSpans} /></Card> : <Card title={t('aircraft.flight')}><p class="empty mut">{t('aircraft.noFlights')}</p></Card>}</div>
                <div><WhoSlot hex={hex} />{span && <Card title={t('aircraft.heardBy')} note={t('aircraft.heardByNote')}><Receivers key={String(span.from)} hex={hex} {...span} /></Card>}</div>
            </div>
            <div class="cards">
                <Card wide title={t('aircraft.flights')}><DataTable caption={t('aircraft.flights')} columns={flightColumns(shown ? flightName(shown) : '')} rows={flights} rowKey={rowKey} first={{ key: 'day', down: true }} empty={t('aircraft.noFlights')} detail={(r) => <EvidenceOf row={r} />} detailName={evidenceName} most={15} /></Card>
                <Card title={t('place.staysTitle')} note={t('place.staysNote')}><DataTable caption={t('place.staysTitle')} columns={stayColumns()} rows={stays} rowKey={rowKey} first={{ key: 'lo', down: true }} empty={t('place.noStays')} detail={(r) => <EvidenceOf row={r} />} detailName={evidenceName} most={10} /></Card>
                <Card title={t('aircraft.events')}><DataTable caption={t('aircraft.events')} columns={eventColumns()} rows={events} rowKey={rowKey} first={{ key: 'day', down: true }} empty={t('aircraft.noEvents')} detail={(r) => <EvidenceOf row={r} />} detailName={evidenceName} most={10} /></Card>
                <NotSaid list={[t('notsaid.cargo'), t('notsaid.identity'), t('notsaid.descent'), t('notsaid.country')]} />
            </div>
        </>
    );
}

const useWho = (hex: string) => useAsk<Who>(`api/v1/identity/${hex}`);
const WhoSlot = ({ hex }: { hex: string }) => <WhoCard of={useWho(hex)} />;

function One({ hex, args }: { hex: string; args: PageProps['args'] }) {
    useNames();
    useCell(sky.link);
    useAirports();
    const who = useWho(hex).asked.answer;
    const live = sky.aircraft.get(hex);
    const period = usePeriod(args, FIRST_DAYS);
    const [flights, stays, events] = (['flights', 'stays', 'events'] as const).map((what) => useLedger(what, period && { hex }, period));
    const now = useAsk<Movement>(`api/v1/aircraft/${hex}/movement`).asked.answer;
    const callsign = live?.flight || flights.asked.answer?.rows.filter((r) => r.callsign).pop()?.callsign || '';
    const type = who?.t ?? live?.type ?? '';
    const title = callsign || who?.r || hex;
    return (
        <>
            <PageHead
                named={title}
                title={<span class="planehead"><Silhouette shape={live?.shape ?? shapeFor(type, live?.category ?? '', shapeOfType(type))} size={34} outline={!live} /> <Id>{title}</Id> {who?.type_name && <bdi class="mut">{who.type_name}</bdi>}</span>}
                sub={<><Id>{hex}</Id>{who?.r && <> · <Id>{who.r}</Id></>}{who?.country && <> · <PageLink page="country" args={{ country: who.country }}><bdi>{countryName(who.country)}</bdi></PageLink></>} · {t(live ? 'aircraft.heardNow' : 'aircraft.notHeard')} · <a href={`#sel=${hex}`}>{t('evidence.onMap')}</a></>}
            >
                {period && <PeriodPicker period={period} />}
                <PageLink page="ledger" args={{ what: 'flights', hex }} class="btn">{t('page.ledger')}</PageLink>
                <LinkButton />
            </PageHead>
            {now && <section class="card boundcard"><h2 class="sr-only">{t('aircraft.now')}</h2><BoundOf m={now} /></section>}
            {period && <Answer of={flights}>{(f) => <Answer of={stays}>{(s) => <Answer of={events}>{(e) => <Movements hex={hex} args={args} flights={f.rows} stays={s.rows} events={e.rows} now={now} />}</Answer>}</Answer>}</Answer>}
            {flights.asked.state === 'failed' && <div class="cards"><WhoSlot hex={hex} /></div>}
        </>
    );
}

export default function AircraftPage({ args }: PageProps) {
    const hex = (args.hex ?? '').toLowerCase();
    if (hex) return <One key={hex} hex={hex} args={args} />;
    return (
        <>
            <PageHead title={t('page.aircraft')} sub={t('aircraft.which')} />
            <div class="fields"><TextField label={t('panel.address')} value="" hint="ae07e4" wrong={(v) => (isHex(v.toLowerCase()) ? '' : t('aircraft.badHex'))} take={(v) => changeArgs({ hex: v.toLowerCase() })} /></div>
        </>
    );
}
