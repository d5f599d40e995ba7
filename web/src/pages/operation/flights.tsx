// The flights behind a number of the board: each with its ends, how sure they are, what it offered to lift,
// and how it stood to clearances. It opens to the aircraft, and to the desk at that instant.
import { useState } from 'preact/hooks';
import { useCell } from '../../cell';
import { useAsk } from '../../data/ask';
import { token } from '../../data/post';
import { dateAndTime, grouped, percent, shortDate } from '../../format';
import { writeInstant } from '../../instant';
import { countryName } from '../../names';
import { changeArgs, hrefOf } from '../../route';
import { csvText, fileName, saveFile } from '../../save';
import { bandOf } from '../../sure';
import { t } from '../../words';
import { AircraftRef, AirportRef, Answer, Card, DataTable, DaySpan, Id, Ltr, SureGlyph } from '../../ui/parts';
import { SaveButtons } from '../../ui/acts';
import { Cross } from '../../ui/icons';
import { chosenFlights, epoch, mayBeChanged, STANDINGS, worst, type Board, type End, type Flight, type FlightFilter } from './model';

function Ends({ of: e }: { of: End | null }) {
    const first = e?.places[0];
    if (!e || !first) return <span class="mut">–</span>;
    const p = first.p * e.p;
    return (
        <span class="ends">
            <SureGlyph band={bandOf(p, e.observed)} /> <AirportRef code={first.airport} isShort /> <Ltr muted>{percent(p)}</Ltr><br />
            <span class="mut sm"><DaySpan lo={epoch(e.t_lo)} hi={epoch(e.t_hi)} /></span>
        </span>
    );
}

const standing = (f: Flight) => worst((f.clearances ?? []).map((c) => c.state));
const desk = (f: Flight) => {
    const end = f.leaves >= f.arrives ? f.off : f.on;
    return `#sel=${f.hex}&at=${writeInstant(epoch(end?.t ?? f.t))}`;
};

function save(board: Board, list: Flight[]): void {
    const place = (e: End | null) => e?.places[0]?.airport ?? '';
    saveFile(fileName([board.name, 'flights', board.at.slice(0, 10)], 'csv'), 'text/csv', csvText(
        ['hex', 'callsign', 'type', 'country', 'operator', 'base', 'leaves_p', 'arrives_p', 'off', 'off_lo', 'off_hi', 'on', 'on_lo', 'on_hi', 'implied', 'lift_low_t', 'lift_plan_t', 'lift_max_t', 'clearance'],
        list.map((f) => [f.hex, f.callsign, f.type, f.country, f.operator, f.base, f.leaves, f.arrives, place(f.off), f.off?.t_lo, f.off?.t_hi, place(f.on), f.on?.t_lo, f.on?.t_hi, f.implied, f.lift_t?.[0], f.lift_t?.[1], f.lift_t?.[2], standing(f)])));
}

function Filters({ filter, drop }: { filter: FlightFilter; drop: (key: string) => void }) {
    const text: Record<string, (v: string) => string> = {
        base: (v) => v, day: (v) => shortDate(epoch(v)), way: (v) => t(v === 'arrivals' ? 'op.arrivals' : 'op.departures'), standing: (v) => t(`op.standing.${v}` as 'op.standing.inside'), country: countryName, flight: (v) => v,
    };
    const list = Object.entries(filter).filter(([, v]) => v && v !== 'all');
    return <p class="chips">{list.map(([k, v]) => <button type="button" class="chip" key={k} onClick={() => drop(k)} aria-label={t('op.without', text[k](v))}><bdi>{text[k](v)}</bdi><Cross /></button>)}</p>;
}

export function Flights({ board, filter, at }: { board: Board; filter: FlightFilter; at: string }) {
    const isAll = board.flights.length < 400;
    const question = useAsk<Flight[]>(isAll ? null : `api/v1/operations/${board.name}/flights?limit=2000${at ? `&at=${at}` : ''}`);
    const isEditor = useCell(token) !== '' && mayBeChanged(board);
    const [country] = useState(filter.country);
    const table = (all: Flight[]) => {
        const list = chosenFlights(all, filter);
        const sum = list.reduce((s, f) => s + (filter.way === 'arrivals' ? f.arrives : f.leaves), 0);
        return (
            <Card title={t('count.flights', list.length)} note={t('op.flightsNote', grouped(sum, 1))} acts={<SaveButtons csv={() => save(board, list)} />} wide>
                <Filters filter={filter} drop={(k) => changeArgs({ [k]: '' })} />
                <DataTable caption={t('op.flights')} rows={list} rowKey={(f) => f.hex + f.t} first={{ key: 'off', down: true }} columns={[
                    { key: 'flight', head: t('op.flight'), cell: (f) => <><AircraftRef hex={f.hex} flight={f.callsign} />{f.implied && <><br /><span class="mut sm">{t('op.implied')}</span></>}</>, sortBy: (f) => f.callsign || f.hex },
                    { key: 'type', head: t('op.type'), cell: (f) => <><Id>{f.type}</Id> <Ltr muted>{f.registration}</Ltr></>, sortBy: (f) => f.type },
                    { key: 'off', head: t('op.from'), cell: (f) => <Ends of={f.off} />, sortBy: (f) => epoch(f.off?.t_lo ?? f.t) },
                    { key: 'on', head: t('op.to'), cell: (f) => <Ends of={f.on} />, sortBy: (f) => epoch(f.on?.t_lo) },
                    { key: 'counts', head: t('op.counts'), isNumeric: true, cell: (f) => <><bdi class="ltr">{percent(Math.max(f.leaves, f.arrives))}</bdi><br /><span class="mut sm">{t(f.leaves >= f.arrives ? 'op.leaves' : 'op.arrives')}</span></>, sortBy: (f) => Math.max(f.leaves, f.arrives) },
                    { key: 'lift', head: t('op.lift'), isNumeric: true, cell: (f) => (f.lift_t ? <bdi class="ltr">{f.lift_t.map((v) => grouped(v)).join(' / ')}</bdi> : '–'), sortBy: (f) => f.lift_t?.[1] ?? NaN },
                    ...(STANDINGS.length && board.clearances.length ? [{ key: 'clear', head: t('op.clearances'), cell: (f: Flight) => <span class="wrap sm">{(f.clearances ?? []).filter((c) => !country || c.country === country).map((c, i) => <span key={i} class={`stand ${c.state}`}><Ltr>{c.country}</Ltr> {t(`op.standing.${c.state}`)}{c.clearance && <> <Id>{c.clearance}</Id></>}</span>)}</span>, sortBy: standing }] : []),
                    { key: 'desk', head: t('op.onDesk'), cell: (f) => <a href={desk(f)} aria-label={t('op.showOnDesk', f.callsign || f.hex, dateAndTime(epoch(f.t)))}>{t('op.show')}</a> },
                    ...(isEditor ? [{ key: 'correct', head: <span class="sr-only">{t('edit.correct')}</span>, cell: (f: Flight) => <a href={hrefOf('operation', { name: board.name, show: 'edit', kind: 'correction', key: `${f.hex}/${f.t.replace(/:\d\d(\.\d+)?Z$/, 'Z')}` })} aria-label={t('edit.correctOf', f.callsign || f.hex)}>{t('edit.correct')}</a> }] : []),
                ]} />
            </Card>
        );
    };
    return isAll ? table(board.flights) : <Answer of={question}>{table}</Answer>;
}
