// The plan: not how the operation goes but how it could, and what binds. Asked for with the aircraft the reader names.
import { useAsk } from '../../data/ask';
import { dayMonth, grouped, percent, shortDate } from '../../format';
import { changeArgs, type Route } from '../../route';
import { language, t, tOr } from '../../words';
import { AirportRef, Answer, Card, DataTable, Figures, Id, NotSaid } from '../../ui/parts';
import { Choice, TextField } from '../../ui/form';
import { FigureButtons } from '../figurebuttons';
import { unitName } from './charts';
import { epoch, inLanguage, type Board } from './model';

interface Moved {
    line: string;
    amount: number;
    unit: string;
}
interface PlanDay {
    day: string;
    base: string;
    type: string;
    departures: number;
    moved?: Moved[];
}
interface PlanLine {
    line: string;
    unit: string;
    must: boolean;
    left: number;
    stays: number;
    done: string | null;
}
export interface Plan {
    sentence: Record<string, string>;
    last_day: string;
    fits: boolean;
    done: string | null;
    stays_share: number;
    departures: number;
    binds: string;
    limits: { limit: string; stays_share: number; done: string | null }[];
    fleet: { type: string; aircraft: number; payload_t: number; seats: number; factor: string; edition: string }[];
    bases: { base: string; other: string; km: number; places_a_day: number | null; cycle_h: number[]; no_clearance: string[] }[];
    lines: PlanLine[];
    days: PlanDay[];
}

const FLEET = /^[A-Za-z0-9]{2,4}:\d{1,3}(,[A-Za-z0-9]{2,4}:\d{1,3}){0,3}$/;
const isHours = (s: string) => Number(s) > 0 && Number(s) <= 24;
const limitName = (k: string) => tOr(`plan.limit.${k}`, t('plan.bindsNone'));
const lineName = (board: Board, key: string) => {
    const line = board.requirement.find((l) => l.key === key);
    return line ? inLanguage(line, 'what') : key;
};

function Asking({ board, args }: { board: Board; args: Route['args'] }) {
    const editions = [...new Set((board.factors ?? []).map((f) => f.edition))];
    return (
        <Card title={t('plan.ask')} note={t('plan.about')} wide>
            <form class="row wrap planask" onSubmit={(e) => e.preventDefault()}>
                <TextField label={t('plan.fleet')} value={args.fleet ?? ''} hint="C17:6,C30J:2" size={22} wrong={(v) => (FLEET.test(v) ? '' : t('plan.fleetWrong'))} take={(v) => changeArgs({ fleet: v.toUpperCase() })} />
                <TextField label={t('plan.hours')} value={args.hours ?? ''} hint="12" size={5} wrong={(v) => (isHours(v.replace(',', '.')) ? '' : t('plan.hoursWrong'))} take={(v) => changeArgs({ hours: v.replace(',', '.') })} />
                <Choice label={t('plan.edition')} value={args.edition ?? ''} take={(v) => changeArgs({ edition: v })} options={[{ value: '', text: t('plan.anyEdition') }, ...editions.map((e) => ({ value: e, text: e }))]} />
                <span class="mut sm">{t('plan.fleetNote')}</span>
            </form>
        </Card>
    );
}

const doneText = (done: string | null) => (done ? <bdi>{shortDate(epoch(done))}</bdi> : '–');

function Days({ board, plan }: { board: Board; plan: Plan }) {
    const most = Math.max(1, ...plan.days.map((d) => d.departures));
    return (
        <Card title={t('plan.days')} acts={<FigureButtons name={`${board.name}-plan`} />}>
            <DataTable<PlanDay> caption={t('plan.days')} rows={plan.days} rowKey={(d) => d.day + d.base + d.type} most={60} columns={[
                { key: 'day', head: t('op.day'), cell: (d) => <bdi>{dayMonth(epoch(d.day))}</bdi>, sortBy: (d) => d.day },
                { key: 'base', head: t('op.from'), cell: (d) => <AirportRef code={d.base} isShort />, sortBy: (d) => d.base },
                { key: 'type', head: t('op.type'), cell: (d) => <Id>{d.type}</Id>, sortBy: (d) => d.type },
                { key: 'n', head: t('plan.flights'), isNumeric: true, cell: (d) => <><span class="meter" aria-hidden="true"><i style={{ inlineSize: `${(d.departures / most) * 100}%` }} /></span> <bdi>{grouped(d.departures)}</bdi></>, sortBy: (d) => d.departures },
                { key: 'moved', head: t('plan.moved'), cell: (d) => <span class="wrap sm">{(d.moved ?? []).map((m, i) => <>{i > 0 && ' · '}<bdi>{lineName(board, m.line)}</bdi> <bdi>{grouped(m.amount, m.unit === 'people' ? 0 : 1)} {unitName(m.unit)}</bdi></>)}</span> },
            ]} />
        </Card>
    );
}

function Lines({ board, plan }: { board: Board; plan: Plan }) {
    return (
        <Card title={t('plan.lines')} note={t('plan.linesNote')}>
            <DataTable<PlanLine> caption={t('plan.lines')} rows={plan.lines} rowKey={(l) => l.line} columns={[
                { key: 'line', head: t('plan.line'), cell: (l) => <span class="wrap"><bdi>{lineName(board, l.line)}</bdi>{l.must && <span class="flag">{t('plan.must')}</span>}</span>, sortBy: (l) => l.line },
                { key: 'left', head: t('plan.left'), isNumeric: true, cell: (l) => <bdi>{grouped(l.left, l.unit === 'people' ? 0 : 1)} {unitName(l.unit)}</bdi>, sortBy: (l) => l.left },
                { key: 'stays', head: t('plan.stays'), isNumeric: true, cell: (l) => <bdi class={l.stays > 0 ? 'bad' : 'mut'}>{grouped(l.stays, l.unit === 'people' ? 0 : 1)}</bdi>, sortBy: (l) => l.stays },
                { key: 'done', head: t('op.by'), cell: (l) => doneText(l.done), sortBy: (l) => l.done ?? '' },
            ]} />
        </Card>
    );
}

function Limits({ plan }: { plan: Plan }) {
    return (
        <Card title={t('plan.limits')} note={t('plan.limitsNote')}>
            <DataTable caption={t('plan.limits')} rows={plan.limits} rowKey={(l) => l.limit} columns={[
                { key: 'limit', head: t('plan.limit'), cell: (l) => <>{limitName(l.limit)}{l.limit === plan.binds && <span class="flag">{t('plan.binds')}</span>}</> },
                { key: 'done', head: t('plan.done'), cell: (l) => doneText(l.done), sortBy: (l) => l.done ?? '' },
                { key: 'stays', head: t('plan.stays'), isNumeric: true, cell: (l) => <bdi class="ltr">{percent(l.stays_share)}</bdi>, sortBy: (l) => l.stays_share },
            ]} />
        </Card>
    );
}

function Fleet({ plan }: { plan: Plan }) {
    return (
        <Card title={t('plan.fleetTitle')}>
            <DataTable caption={t('plan.fleetTitle')} rows={plan.fleet} rowKey={(f) => f.type} columns={[
                { key: 'type', head: t('op.type'), cell: (f) => <Id>{f.type}</Id> },
                { key: 'n', head: t('plan.aircraft'), isNumeric: true, cell: (f) => <bdi>{grouped(f.aircraft)}</bdi> },
                { key: 'payload', head: t('plan.payload'), isNumeric: true, cell: (f) => <bdi>{grouped(f.payload_t, 1)} {unitName('t')}</bdi> },
                { key: 'seats', head: t('plan.seats'), isNumeric: true, cell: (f) => <bdi>{grouped(f.seats)}</bdi> },
                { key: 'edition', head: t('plan.edition'), cell: (f) => <span class="wrap"><bdi>{f.edition}</bdi></span> },
            ]} />
            <DataTable caption={t('plan.legs')} rows={plan.bases} rowKey={(b) => b.base} columns={[
                { key: 'base', head: t('plan.legs'), cell: (b) => <><AirportRef code={b.base} isShort /> – <AirportRef code={b.other} isShort /> <bdi class="mut">{grouped(b.km)} {t('unit.km')}</bdi></> },
                { key: 'cycle', head: t('plan.cycle'), isNumeric: true, cell: (b) => <bdi class="ltr">{b.cycle_h.map((h) => grouped(h, 1)).join(' / ')}</bdi> },
                { key: 'places', head: t('plan.places'), isNumeric: true, cell: (b) => (b.places_a_day === null ? t('plan.noLimit') : <bdi>{grouped(b.places_a_day)}</bdi>) },
                { key: 'days', head: t('plan.noClearance'), isNumeric: true, cell: (b) => <bdi>{grouped(b.no_clearance.length)}</bdi> },
            ]} />
        </Card>
    );
}

export default function PlanView({ board, args }: { board: Board; args: Route['args'] }) {
    const asked = new URLSearchParams(Object.entries({ fleet: args.fleet ?? '', hours: args.hours ?? '', edition: args.edition ?? '', at: args.at ?? '' }).filter(([, v]) => v));
    const question = useAsk<Plan>(`api/v1/operations/${board.name}/plan?${asked.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')}`);
    return (
        <>
            <div class="cards"><Asking board={board} args={args} /></div>
            <Answer of={question}>
                {(p) => (
                    <>
                        <p class="card plansentence"><b>{p.sentence[language.get()] ?? p.sentence.en}</b></p>
                        <Figures list={[
                            { label: t('plan.departures'), value: <bdi>{grouped(p.departures)}</bdi> },
                            { label: t('plan.done'), value: doneText(p.done), note: <bdi>{t('op.deadlineAt', dayMonth(epoch(board.deadline)))}</bdi> },
                            { label: t('plan.stays'), value: <bdi class="ltr">{percent(p.stays_share)}</bdi> },
                            { label: t('plan.binds'), value: limitName(p.binds) },
                        ]} />
                        <div class="cards">
                            <Days board={board} plan={p} />
                            <Lines board={board} plan={p} />
                            <Limits plan={p} />
                            <Fleet plan={p} />
                            <NotSaid list={[t('plan.notSaid.will'), t('plan.notSaid.more'), t('plan.notSaid.crew')]} />
                        </div>
                    </>
                )}
            </Answer>
        </>
    );
}
