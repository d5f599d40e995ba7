// A place: who came, left, stayed, was there with whom, what lift that offered, and how well the place
// was heard meanwhile. Airport, country and area are this page with another question.
import type { ComponentChildren } from 'preact';
import { useAsk } from '../data/ask';
import { coveragePath, hoursHeard, hoursLow, shareLow, type CoverageAnswer } from '../data/coverage';
import { typeOf } from '../data/known';
import { lengthOf, timeOf, rowKey, spanOf, useLedger, type LedgerAnswer, type LedgerFilter, type LedgerRow } from '../data/ledger';
import { dayMonth, grouped, NONE, percent } from '../format';
import { countryName } from '../names';
import { DAY_S, daysOf, type Period } from '../period';
import { changeArgs } from '../route';
import { csvText, fileName, saveFile } from '../save';
import { t } from '../words';
import { LinkButton, SaveButtons } from '../ui/acts';
import { Segments } from '../ui/form';
import { FigureButtons } from './figurebuttons';
import { PeriodPicker, periodText, usePeriod } from '../ui/period';
import { AircraftRef, Answer, Card, DataTable, Figures, Ltr, NotSaid, PageHead, PageLink, Span, Sure, SureGlyph, type Figure, type TableColumn } from '../ui/parts';
import type { PageProps } from '.';
import { columns, duration, evidenceName, EvidenceOf, lasted, operatorName, place, tons, useNames } from './ledger_parts';
import { LEDGER_KEYS, ledgerValues } from './ledger_file';
import { DayCharts, Hatch } from './place_charts';
import { heardIn, isCounted, isPossible, medianStay, meetingsOf, presenceOf, sumDays, type Bin, type Meeting, type Presence } from './place_days';

export interface Place {
    filter: LedgerFilter; // what the ledger is asked
    area: string | null; // where hearing is asked about; null: it is too large
    title: ComponentChildren;
    named: string;
    sub: ComponentChildren;
    isOneField: boolean; // arrivals need not say where
    more?: (period: Period, arrivals: LedgerRow[]) => ComponentChildren; // cards of its own
}

/* How many are possible at least, how many observed, how many expected: never a bare sum. */
const counted = ({ rows, sum: s, next }: LedgerAnswer, label: string): Figure => ({
    value: <bdi class="ltr">{grouped(next === null ? rows.filter((r) => isCounted(r) && isPossible(r)).length : s.counted)}</bdi>,
    label, note: t('place.sum', s.observed, grouped(s.expected, 1), grouped(s.low), grouped(s.high)),
});

function figures(a: LedgerAnswer, d: LedgerAnswer, s: LedgerAnswer, heard: CoverageAnswer | null): Figure[] {
    const lift = d.sum.lift_offered;
    const median = medianStay(s.rows);
    const low = heard ? shareLow(heard.rows) : NaN;
    return [
        counted(a, t('place.arrivals')),
        counted(d, t('place.departures')),
        {
            label: t('place.liftPlan'),
            value: lift.of ? <><Ltr>{tons(lift.plan_kg)}</Ltr> {t('unit.t')}</> : NONE,
            note: lift.of ? t('place.liftRange', tons(lift.low_kg), tons(lift.max_kg), lift.of) : t('place.noLift'),
        },
        { label: t('place.median'), value: median === median ? <><Ltr>{duration(median)}</Ltr> {t('unit.h')}</> : NONE, note: t('place.stays', s.sum.counted, s.sum.observed) },
        ...(heard ? [{ label: t('place.heardShare'), value: low === low ? <bdi class="ltr">{percent(low)}</bdi> : NONE, note: low === low ? t('place.heardOf', grouped(hoursLow(heard.rows), 1)) : t('place.heardNothing') }] : []),
    ];
}

type Move = LedgerRow & { isArrival: boolean };

const moveColumns = (isOneField: boolean): TableColumn<Move>[] => [
    columns.day() as TableColumn<Move>,
    columns.time() as TableColumn<Move>,
    { key: 'event', head: t('col.event'), cell: (r) => t(r.isArrival ? 'place.landing' : 'place.takeoff'), sortBy: (r) => Number(r.isArrival) },
    columns.sure() as TableColumn<Move>,
    columns.callsign() as TableColumn<Move>,
    columns.type() as TableColumn<Move>,
    ...(isOneField ? [] : [columns.airport() as TableColumn<Move>]),
    {
        key: 'where', head: t('place.whence'), sortBy: (r) => (r.isArrival ? r.from : r.to) ?? '',
        cell: (r) => {
            const other = r.isArrival ? r.from : r.to;
            return other ? <><span class="mut">{t(r.isArrival ? 'place.from' : 'place.to')}</span> {place(other)}</> : <span class="mut">{t(r.isArrival ? 'place.noOrigin' : 'place.noDestination')}</span>;
        },
    },
    columns.state() as TableColumn<Move>,
    columns.operator() as TableColumn<Move>,
];

const MOVES_FIRST = 15;
const WHICH = ['both', 'arrivals', 'departures'] as const;

function Moves({ args, period, isOneField, arrivals, departures, name, quiet }: { args: PageProps['args']; period: Period; isOneField: boolean; arrivals: LedgerRow[]; departures: LedgerRow[]; name: string; quiet: string }) {
    const which = args.which ?? 'both';
    const all: Move[] = [
        ...(which === 'departures' ? [] : arrivals.map((r) => ({ ...r, isArrival: true }))),
        ...(which === 'arrivals' ? [] : departures.map((r) => ({ ...r, isArrival: false }))),
    ].sort((p, q) => timeOf(q) - timeOf(p));
    const rows = args.unlikely === '1' ? all : all.filter(isPossible);
    const unlikely = all.filter((r) => !isPossible(r)).length;
    const file = (ending: string) => fileName([name, which, args.mil === '1' ? 'military' : args.mil === '0' ? 'civil' : '', new Date(period.from * 1000).toISOString().slice(0, 10)], ending);
    const what = (r: Move) => (r.isArrival ? 'arrival' : 'departure');
    const csv = () => saveFile(file('csv'), 'text/csv', csvText(['event', ...LEDGER_KEYS], rows.map((r) => [what(r), ...ledgerValues(r)])));
    const json = () => saveFile(file('json'), 'application/json', JSON.stringify({ link: location.href, rows: rows.map(({ isArrival, ...r }) => ({ event: isArrival ? 'arrival' : 'departure', ...r })) }, null, 1));
    return (
        <Card wide title={t('place.moves')} note={t('place.newest')} acts={<><Segments label={t('place.which')} value={which} options={WHICH.map((v) => ({ value: v, text: t(`place.which.${v}`) }))} take={(v) => changeArgs({ which: v === 'both' ? '' : v })} /><SaveButtons csv={csv} json={json} disabled={!rows.length} /></>}>
            <DataTable caption={t('place.moves')} columns={moveColumns(isOneField)} rows={rows} rowKey={(r) => `${what(r)} ${rowKey(r)}`} empty={quiet} detail={(r) => <EvidenceOf row={r} />} detailName={evidenceName} most={MOVES_FIRST} />
            {unlikely > 0 && <p class="more"><button type="button" class="btn" aria-pressed={args.unlikely === '1'} onClick={() => changeArgs({ unlikely: args.unlikely === '1' ? '' : '1' })}>{t('place.unlikely', unlikely)}</button></p>}
        </Card>
    );
}

function PresenceCell({ cell, isHeard }: { cell: Presence['cells'][number]; isHeard: boolean | null }) {
    if (cell.band === null)
        return isHeard === false ? <i class="nobody" title={t('place.unheard')}><span class="sr-only">{t('place.unheard')}</span></i> : <span class="mut" title={t('place.noneHeard')}>·<span class="sr-only">{t('place.noneHeard')}</span></span>;
    return <span class="pc" title={t(`sure.${cell.band}`)}><SureGlyph band={cell.band} size={12} /><span class="sr-only">{t(`sure.${cell.band}`)}</span>{cell.count > 0 && <b><bdi class="ltr">{cell.count}</bdi></b>}</span>;
}

const who = (p: Presence) =>
    p.isCivil ? <><span class="st">{t('place.civil')}</span>{p.operators > 0 && <span class="mut"> {t('place.operators', p.operators)}</span>}</>
    : <><span class="st">{p.state ? countryName(p.state) : t('ledger.unknown')}</span> <span class="mut">{p.operator ? <bdi>{operatorName(p.operator)}</bdi> : t('ledger.military')}</span></>;

function PresenceTable({ bins, list, heard }: { bins: Bin[]; list: Presence[]; heard: (boolean | null)[] }) {
    const isByDay = bins.length > 0 && bins[0].to - bins[0].from === 86_400;
    if (!list.length) return <p class="empty mut">{t('place.nobody')}</p>;
    return (
        <div class="tablebox" role="region" aria-label={t('place.presence')} tabIndex={0}>
            <table class="data pm">
                <thead><tr><th scope="col">{t('place.who')}</th>{bins.map((b, i) => <th scope="col" class="d" key={b.from}><bdi class="ltr" title={dayMonth(b.from)}>{isByDay && i > 0 ? new Date(b.from * 1000).getUTCDate() : dayMonth(b.from)}</bdi></th>)}<th scope="col" class="n">{t('place.total')}</th></tr></thead>
                <tbody>{list.map((p) => <tr key={p.key}><th scope="row">{who(p)}</th>{p.cells.map((c, i) => <td class="d" key={bins[i].from}><PresenceCell cell={c} isHeard={heard[i]} /></td>)}<td class="n"><bdi class="ltr">{grouped(p.total)}</bdi></td></tr>)}</tbody>
            </table>
        </div>
    );
}

const stayColumns = (isOneField: boolean): TableColumn<LedgerRow>[] => [
    columns.callsign(), columns.type(), ...(isOneField ? [] : [columns.airport()]),
    { key: 'lo', head: t('place.staySpan'), isNumeric: true, cell: (r) => <Span {...spanOf(r)} />, sortBy: (r) => spanOf(r).lo },
    { key: 'length', head: t('col.length'), isNumeric: true, cell: (r) => lasted(r), sortBy: (r) => lengthOf(r).most },
    columns.sure(),
];

const meetingColumns = (isOneField: boolean): TableColumn<Meeting>[] => {
    const side = (r: LedgerRow) => <><AircraftRef hex={r.hex ?? ''} flight={r.callsign ?? undefined} /> {r.type && <bdi class="ltr mut">{r.type}</bdi>} {r.state && <span class="mut">{countryName(r.state)}</span>}</>;
    return [
        { key: 'one', head: t('place.one'), cell: (m) => side(m.one), sortBy: (m) => m.one.callsign ?? '' },
        { key: 'other', head: t('place.other'), cell: (m) => side(m.other), sortBy: (m) => m.other.callsign ?? '' },
        ...(isOneField ? [] : [{ key: 'airport', head: t('col.airport'), cell: (m: Meeting) => place(m.one.airport), sortBy: (m: Meeting) => m.one.airport ?? '' }]),
        { key: 'span', head: t('place.together'), isNumeric: true, cell: (m) => <Span lo={m.lo} hi={m.hi} />, sortBy: (m) => m.lo },
        { key: 'sure', head: t('col.sure'), cell: (m) => <Sure band={m.band} />, sortBy: (m) => m.lo },
    ];
};

/* What the figures do not say, of this place and these days. */
function notSaid(heard: CoverageAnswer | null, deaf: number[]): string[] {
    return [
        t('notsaid.cargo'),
        ...(deaf.length && heard?.rows.length ? [t('notsaid.deaf', deaf.length, deaf.length <= 4 ? deaf.map(dayMonth).join(t('list.and')) : '')] : []),
        ...(heard && !heard.rows.length ? [t('notsaid.noCoverage')] : []),
        t('notsaid.descent'), t('notsaid.country'), t('notsaid.civil'),
    ];
}

/* How many were heard nowhere is said with how well one listened. */
const quietText = (heard: CoverageAnswer | null) => {
    const low = heard ? shareLow(heard.rows) : NaN;
    return low === low ? t('place.quiet', percent(low)) : t('place.quietUnknown');
};

function Shown({ of, args, period, arrivals, departures, stays, heard }: { of: Place; args: PageProps['args']; period: Period; arrivals: LedgerAnswer; departures: LedgerAnswer; stays: LedgerAnswer; heard: CoverageAnswer | null }) {
    const bins = sumDays(period, arrivals.rows, departures.rows);
    const hours = heard ? hoursHeard(heard.rows) : null;
    const types = [...new Set(departures.rows.map((r) => r.type))];
    const editions = types.flatMap((d) => (d && typeOf(d)?.lift ? [`${d}: ${typeOf(d)!.lift!.edition}`] : []));
    const moves = [...arrivals.rows, ...departures.rows];
    const deaf = hours ? daysOf(period).filter((d) => heardIn(d, d + DAY_S, hours, moves) === false) : [];
    const meetings = meetingsOf(stays.rows);
    const cut = [arrivals, departures, stays].find((a) => a.next !== null);
    return (
        <>
            <Hatch />
            <Figures list={figures(arrivals, departures, stays, heard)} />
            {cut && <p class="note warn">{t('place.cut', cut.rows.length, cut.sum.rows)}</p>}
            <div class="cols">
                <div><DayCharts bins={bins} hours={hours} events={moves} editions={editions} /></div>
                <div>
                    <Card title={t('place.presence')} note={t('place.perDay')} acts={<FigureButtons name="presence" />}><PresenceTable bins={bins} list={presenceOf(bins, arrivals.rows)} heard={bins.map((b) => heardIn(b.from, b.to, hours, moves))} /></Card>
                    {of.more?.(period, arrivals.rows)}
                </div>
            </div>
            <div class="cards">
                <Moves args={args} period={period} isOneField={of.isOneField} arrivals={arrivals.rows} departures={departures.rows} name={of.named} quiet={quietText(heard)} />
                <Card title={t('place.staysTitle')} note={t('place.staysNote')}>
                    <DataTable caption={t('place.staysTitle')} columns={stayColumns(of.isOneField)} rows={stays.rows} rowKey={rowKey} empty={t('place.noStays')} detail={(r) => <EvidenceOf row={r} />} detailName={evidenceName} first={{ key: 'lo', down: true }} most={8} />
                </Card>
                <Card title={t('place.meetings')} note={t('place.meetingsNote')}>
                    <DataTable caption={t('place.meetings')} columns={meetingColumns(of.isOneField)} rows={meetings} rowKey={(m) => `${rowKey(m.one)} ${rowKey(m.other)}`} empty={t('place.noMeetings')} first={{ key: 'span', down: true }} most={8} />
                </Card>
                <NotSaid list={notSaid(heard, deaf)} />
            </div>
        </>
    );
}

const MIL = [['', 'place.all'], ['1', 'place.military'], ['0', 'place.civil']] as const;

export const MilitaryChoice = ({ value }: { value: string }) => (
    <Segments label={t('place.whom')} value={value} options={MIL.map(([v, key]) => ({ value: v, text: t(key) }))} take={(mil) => changeArgs({ mil })} />
);

export function PlaceView({ of, args }: { of: Place; args: PageProps['args'] }) {
    useNames();
    const period = usePeriod(args);
    const filter = period && { ...of.filter, military: args.mil ?? '' };
    const arrivals = useLedger('arrivals', filter, period);
    const departures = useLedger('departures', filter, period);
    const stays = useLedger('stays', filter, period);
    const heard = useAsk<CoverageAnswer>(period && of.area ? coveragePath(of.area, period, 'hour') : null);
    const coverage = of.area ? heard.asked.answer : null;
    return (
        <>
            <PageHead title={of.title} sub={of.sub} named={of.named}>
                <MilitaryChoice value={args.mil ?? ''} />
                {period && <PeriodPicker period={period} />}
                <PageLink page="ledger" args={{ what: 'arrivals', ...of.filter, ...(args.mil ? { military: args.mil } : {}) }} class="btn">{t('page.ledger')}</PageLink>
                <LinkButton />
            </PageHead>
            {period && <p class="sr-only" role="status">{periodText(period)}</p>}
            {period && <Answer of={arrivals}>{(a) => <Answer of={departures}>{(d) => <Answer of={stays}>{(s) => <Shown of={of} args={args} period={period} arrivals={a} departures={d} stays={s} heard={coverage} />}</Answer>}</Answer>}</Answer>}
        </>
    );
}

