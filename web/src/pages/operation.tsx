// The board of an operation: the sentence first, then what is still to move against the deadline, flights,
// clearances, claims; each number opens to its flights.
import '../style/operation.css';
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { useAsk } from '../data/ask';
import { serverNow, sky } from '../data/sky';
import { dateAndTime, dayMonth, grouped, isolated, percent, shortDate } from '../format';
import { changeArgs, goToPage, hrefOf } from '../route';
import { bandOf } from '../sure';
import { useWidth } from '../ui/width';
import { language, t } from '../words';
import { lazyPart } from '../ui/lazy';
import { Answer, Below, Card, DataTable, Folded, NotSaid, PageHead, Sure } from '../ui/parts';
import { LinkButton } from '../ui/acts';
import { Segments } from '../ui/form';
import { FigureButtons } from './figurebuttons';
import { boardOf } from './args';
import type { PageProps } from './index';
import { axisOf, type Axis } from './operation/axis';
import { Bases, Claims, Countries, EditLink, NextExpected, Opens, PresenceMatrix, Requirement, Scenarios, Statements } from './operation/cards';
import { BurnDown, Clearances, FlightsADay, ForecastsBefore, unitName, type Marks } from './operation/charts';
import { Flights } from './operation/flights';
import { DAY_S, dayAt, edgeOf, epoch, inLanguage, isIn, mostLeft, mayBeChanged, neededADay, type Board, type Burn, type FlightFilter, type Operation } from './operation/model';

const PlanView = lazyPart(() => import('./operation/plan'));
const Edit = lazyPart(() => import('./operation/edit'));
const AGAIN_MS = 60_000;

/* Days and hours to the deadline, as the server's clock runs; NaN once it is past. */
function useCountdown(board: Board, isPinned: boolean): number {
    const [, again] = useState(0);
    useEffect(() => {
        if (isPinned) return;
        const timer = setInterval(() => again((n) => n + 1), 1000);
        return () => clearInterval(timer);
    }, [isPinned]);
    return epoch(board.deadline) - (isPinned || !sky.clock.known ? epoch(board.at) : serverNow());
}

function Headline({ board, isPinned }: { board: Board; isPinned: boolean }) {
    const left = useCountdown(board, isPinned);
    const { all } = board.forecast;
    const edge = edgeOf(board);
    const s = board.sums[edge];
    const sentence = board.sentence[language.get()] ?? board.sentence.en;
    const pace = board.forecast.bases.reduce((n, b) => n + b.departures_a_day, 0);
    const [lead, ...rest] = sentence.split(/(?<=[.!؟]) /);
    return (
        <section class="headline" aria-label={t('op.summary')}>
            <p class="lead"><b>{lead}</b> {rest.join(' ')}</p>
            <dl>
                <div><dt>{t('op.left')}</dt><dd><b><bdi>{left > 0 ? t('op.daysHours', Math.floor(left / DAY_S), Math.floor((left % DAY_S) / 3600)) : t('op.past')}</bdi></b><span><bdi>{dateAndTime(epoch(board.deadline))}</bdi></span></dd></div>
                <div><dt>{t(`op.${edge}`)}</dt><dd><b><Opens board={board} filter={{ way: edge }}><bdi>{grouped(s.listed)}</bdi></Opens></b><span>{t('op.seen', s.observed, isolated(`${grouped(s.low)}–${grouped(s.high)}`))}</span></dd></div>
                <div><dt>{t('op.needed', isIn(board))}</dt><dd><b><bdi>{grouped(neededADay(board.forecast), 2)}</bdi></b><span>{t('op.paceNow', grouped(pace, 2))}</span></dd></div>
                {all.p_deadline !== undefined && <div><dt>{t('op.pDeadline')}</dt><dd><b><bdi class="ltr">{percent(all.p_deadline)}</bdi></b><span><Sure band={bandOf(all.p_deadline)} /></span></dd></div>}
            </dl>
        </section>
    );
}

const burnName = (board: Board, b: Burn) => {
    const line = board.requirement.find((l) => l.key === b.line);
    return line ? `${inLanguage(line, 'what')} (${(isIn(board) && line.to) || line.from}), ${unitName(b.unit)}` : t('op.allLines', unitName(b.unit), isIn(board));
};

const keyOf = (b: Burn) => `${b.line}~${b.unit}`;

function axisFor(board: Board, width: number): Axis {
    const ends = [epoch(board.deadline), epoch(board.at), epoch(board.forecast.all.at_90)].filter((v) => v === v);
    return axisOf(epoch(board.operation.start) - 1 * DAY_S, Math.max(...ends) + 5 * DAY_S, width);
}

function Charts({ board, args }: { board: Board; args: PageProps['args'] }) {
    const [box, width] = useWidth();
    const burns = board.burn_down ?? [];
    const burn = burns.find((b) => keyOf(b) === args.line) ?? mostLeft(burns);
    const axis = axisFor(board, Math.max(280, width));
    const closed = board.clearance_days.flatMap((c) => c.none_valid).map(epoch).map((d): [number, number] => [d, d + DAY_S]);
    const marks: Marks = { now: epoch(board.at), deadline: epoch(board.deadline), closed };
    const flights = (f: FlightFilter) => goToPage('operation', { name: board.name, show: 'flights', ...(args.at ? { at: args.at } : {}), ...f });
    const legend = (kind: string, text: string) => <span class="key"><i class={`k-${kind}`} />{text}</span>;
    return (
        <section class="card charts" ref={box}>
            <div class="cardhead">
                <h2>{t('op.stillToMove')}</h2>
                <span class="cardacts">{burns.length > 1 && <select class="pick" aria-label={t('op.ofWhat')} value={burn && keyOf(burn)} onChange={(e) => changeArgs({ line: e.currentTarget.value })}>{burns.map((b) => <option key={keyOf(b)} value={keyOf(b)}>{burnName(board, b)}</option>)}</select>}<FigureButtons name={`${board.name}-still-to-move`} /></span>
            </div>
            <p class="keys">{legend('mid', t('op.keyMid'))}{legend('past', t('op.keyPast'))}{burn?.if_full_plan && legend('full', t('op.keyFull'))}{legend('ahead', t('op.keyAhead'))}{legend('claimed', t('op.keyClaimed'))}{closed.length > 0 && legend('none', t('op.keyNone'))}</p>
            {width > 0 && burn && <BurnDown board={board} burn={burn} axis={axis} marks={marks} />}
            <div class="cardhead sub"><h3>{t('op.daily', isIn(board))}</h3><span class="mut sm">{t('op.dailyNote')}</span></div>
            {width > 0 && <FlightsADay board={board} axis={axis} marks={marks} open={(day) => flights({ day, way: edgeOf(board) })} />}
            <div class="cardhead sub"><h3>{t('op.clearances')}</h3><EditLink board={board} kind="clearance" />{board.clearance_flights && <span class="mut sm">{t('op.clearanceSum', board.clearance_flights.inside, board.clearance_flights.outside, board.clearance_flights.none, board.clearance_flights.unknown)}</span>}</div>
            <p class="keys">{(['approved', 'requested', 'refused', 'revoked'] as const).map((s) => <span class="key" key={s}><i class={`k-${s}`} />{t(`op.state.${s}`)}</span>)}</p>
            {width > 0 && <Clearances board={board} axis={axis} marks={marks} open={(country) => flights({ country })} />}
            <Countries board={board} />
            <Folded kind="astable" title={t('op.asTable')}>{() => <DayTable board={board} burn={burn} />}</Folded>
        </section>
    );
}

/* The charts in numbers. */
function DayTable({ board, burn }: { board: Board; burn?: Burn }) {
    const edge = edgeOf(board);
    const other = edge === 'arrivals' ? 'departures' : 'arrivals';
    const rows = board.days.map((d, i) => ({ ...d, its: dayAt(d, edge), others: dayAt(d, other).listed, left: burn?.mid[i], low: burn?.low[i], high: burn?.high[i] }));
    type Row = (typeof rows)[number];
    return (
        <DataTable<Row> caption={t('op.daily', isIn(board))} rows={rows} rowKey={(d) => d.day} most={60} columns={[
            { key: 'day', head: t('op.day'), cell: (d) => <bdi>{shortDate(epoch(d.day))}</bdi>, sortBy: (d) => d.day },
            { key: 'listed', head: t(`op.${edge}`), isNumeric: true, cell: (d) => <Opens board={board} filter={{ day: d.day, way: edge }}><bdi>{grouped(d.its.listed)}</bdi></Opens>, sortBy: (d) => d.its.listed },
            { key: 'observed', head: t('op.observed'), isNumeric: true, cell: (d) => <bdi>{grouped(d.its.observed)}</bdi>, sortBy: (d) => d.its.observed },
            { key: 'expected', head: t('op.expectedHead'), isNumeric: true, cell: (d) => <><bdi>{grouped(d.its.expected, 1)}</bdi>{d.its.low !== undefined && <bdi class="ltr mut sm"> {grouped(d.its.low)}–{grouped(d.its.high ?? 0)}</bdi>}</>, sortBy: (d) => d.its.expected },
            { key: 'others', head: t(`op.${other}`), isNumeric: true, cell: (d) => <Opens board={board} filter={{ day: d.day, way: other }}><bdi>{grouped(d.others)}</bdi></Opens>, sortBy: (d) => d.others },
            { key: 'left', head: burn ? t('op.leftOf', unitName(burn.unit)) : t('op.stillToMove'), isNumeric: true, cell: (d) => (d.left === undefined ? '–' : <><bdi>{grouped(d.left)}</bdi> <bdi class="ltr mut sm">{grouped(d.low ?? 0)}–{grouped(d.high ?? 0)}</bdi></>), sortBy: (d) => d.left ?? NaN },
        ]} />
    );
}

function Before({ board }: { board: Board }) {
    const [box, width] = useWidth();
    if (!board.forecasts_before.length) return null;
    return (
        <section class="card" ref={box}>
            <div class="cardhead"><h2>{t('op.before')}</h2><span class="mut sm">{t('op.beforeNote')}</span><span class="cardacts"><FigureButtons name={`${board.name}-forecasts`} /></span></div>
            {width > 0 && <ForecastsBefore board={board} width={Math.max(240, width)} />}
        </section>
    );
}

function BoardView({ board, args }: { board: Board; args: PageProps['args'] }) {
    return (
        <>
            <Headline board={board} isPinned={args.at !== undefined} />
            <div class="board">
                <div class="main"><Charts board={board} args={args} /><Below>{() => <><NextExpected board={board} /><Requirement board={board} /></>}</Below></div>
                <div class="side"><Claims board={board} /><Before board={board} /><Below>{() => <><Scenarios board={board} /><Statements board={board} /></>}</Below></div>
            </div>
            <Below>{() => (
                <div class="cards">
                    <PresenceMatrix board={board} at={args.at} />
                    <Bases board={board} />
                    <NotSaid list={[t('op.notSaid.cargo'), t('op.notSaid.heard'), t('op.notSaid.airspace'), t('op.notSaid.forecast')]} />
                    {board.operation.note && <Card title={t('op.note')}><p><bdi>{board.operation.note}</bdi></p></Card>}
                </div>
            )}</Below>
        </>
    );
}

function Shown({ name, args }: { name: string; args: PageProps['args'] }) {
    const at = args.at ?? '';
    const question = useAsk<Board>(boardOf(name, at), at ? 0 : AGAIN_MS);
    const view = args.show ?? 'board';
    const known = question.asked.answer;
    const title = known ? inLanguage(known.operation, 'name') : name;
    const filter: FlightFilter = { base: args.base, day: args.day, way: args.way, standing: args.standing, country: args.country, flight: args.hex };
    const views = [{ value: 'board', text: t('op.board') }, { value: 'flights', text: t('op.flights') }, ...(mayBeChanged(known) ? [{ value: 'plan', text: t('plan.title') }, { value: 'edit', text: t('edit.title') }] : [])];
    const sub = known && <><bdi>{t('op.period', dayMonth(epoch(known.operation.start)), shortDate(epoch(known.deadline)))}</bdi> · <bdi>{t('op.asOf', dateAndTime(epoch(known.at)))}</bdi>{known.simulated && <> · <span class="simtext">{t('receivers.simulated')}</span></>}</>;
    return (
        <>
            <PageHead title={title} sub={sub}>
                <Segments label={t('op.views')} value={view} options={views} take={(v) => goToPage('operation', { name, ...(at ? { at } : {}), ...(v === 'board' ? {} : { show: v }) })} />
                <LinkButton />
                <button type="button" class="btn" onClick={() => print()}>{t('op.print')}</button>
            </PageHead>
            <Answer of={question}>{(b) => (view === 'edit' ? <Edit name={name} args={args} /> : view === 'plan' ? <PlanView board={b} args={args} /> : view === 'flights' ? <Flights board={b} filter={filter} at={at} /> : <BoardView board={b} args={args} />)}</Answer>
        </>
    );
}

function Preparing({ part }: { part: number }) {
    return <p class="empty" role="status">{t('op.preparing')} <progress max={1} value={part} aria-label={t('op.preparing')} /> <bdi class="ltr">{percent(part)}</bdi></p>;
}

/* Which operation: the link's, else the only one there is, else a list. */
export default function OperationPage({ args }: PageProps) {
    const l = useCell(language);
    const question = useAsk<{ operations: Operation[]; prepared: number }>('api/v1/operations', AGAIN_MS);
    const all = question.asked.answer?.operations;
    const name = args.name ?? (all?.length === 1 ? all[0].key : '');
    const prepared = question.asked.answer?.prepared ?? 1;
    return (
        <>
            {prepared < 1 && <Preparing part={prepared} />}
            {name ? <Shown key={`${name}${l}`} name={name} args={args} /> : (
                <>
                    <PageHead title={t('page.operation')} sub={t('op.about')} />
                    <Answer of={question}>
                        {(a) => (a.operations.length ? (
                            <ul class="list card">{a.operations.map((o) => <li key={o.key}><a href={hrefOf('operation', { name: o.key })}><bdi>{inLanguage(o, 'name')}</bdi></a> <bdi class="mut">{t('op.period', dayMonth(epoch(o.start)), shortDate(epoch(o.deadline)))}</bdi></li>)}</ul>
                        ) : <p class="empty">{t('op.none')} <code dir="ltr">masar operation new NAME --store DIR …</code></p>)}
                    </Answer>
                </>
            )}
        </>
    );
}
