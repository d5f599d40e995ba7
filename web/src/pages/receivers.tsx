// Who hears, how well and how far: the list, then of one receiver its figures over time, its range by
// direction and height, levels, and what was repaired or refused and why.
import '../style/operation.css';
import '../style/receivers.css';
import { useCell } from '../cell';
import { useAsk } from '../data/ask';
import { serverNow, sky, type Source } from '../data/sky';
import { age, distance, grouped, isolated, NONE, percent, position } from '../format';
import { hrefOf } from '../route';
import { t, tOr } from '../words';
import { FigureButtons } from './figurebuttons';
import { Answer, Card, DataTable, Figures, Id, Ltr, PageHead, type TableColumn } from '../ui/parts';
import { LinkButton } from '../ui/acts';
import { useWidth } from '../ui/width';
import type { PageProps } from './index';
import { Levels, Lines, RangeRose } from './receivers/charts';
import { counted, meanLevel, sum, type Minutes, type Receiver } from './receivers/model';

const EVERY_MS = 5000;
const MINUTES_MS = 30_000;
const KM = 1000;

const farthest = (r: Receiver) => Math.max(0, ...(r.range?.m.flat() ?? []));

const columns = (now: number, chosen: number): TableColumn<Receiver>[] => [
    { key: 'name', head: t('receivers.name'), cell: (r) => <><a href={hrefOf('receivers', { number: String(r.number) })} aria-current={r.number === chosen || undefined}><Id>{r.name}</Id></a>{r.simulated && <span class="mut"> {t('receivers.simulated')}</span>}</>, sortBy: (r) => r.name },
    { key: 'place', head: t('receivers.place'), cell: (r) => (r.lat === undefined || r.lon === undefined ? <span class="mut">{t('receivers.noPlace')}</span> : <Ltr>{position(r.lat, r.lon, 3)}</Ltr>), sortBy: (r) => r.lat ?? NaN },
    { key: 'frames', head: t('receivers.frames'), isNumeric: true, cell: (r) => <Ltr>{grouped(r.frames)}</Ltr>, sortBy: (r) => r.frames },
    { key: 'positions', head: t('receivers.positions'), isNumeric: true, cell: (r) => <Ltr>{grouped(r.positions)}</Ltr>, sortBy: (r) => r.positions },
    { key: 'far', head: t('receivers.farthest'), isNumeric: true, cell: (r) => (farthest(r) ? <bdi>{distance(farthest(r)).join(' ')}</bdi> : <span class="mut">–</span>), sortBy: farthest },
    { key: 'last', head: t('receivers.last'), isNumeric: true, cell: (r) => (r.last ? <bdi>{age(now - r.last)}</bdi> : <span class="mut">{t('receivers.never')}</span>), sortBy: (r) => r.last ?? NaN },
];

const sourceColumns = (): TableColumn<Source>[] => [
    { key: 'name', head: t('receivers.source'), cell: (s) => <Id>{s.name}</Id>, sortBy: (s) => s.name },
    { key: 'state', head: t('receivers.state'), cell: (s) => <Ltr>{s.state || NONE}</Ltr>, sortBy: (s) => s.state },
];

function OverTime({ number }: { number: number }) {
    const [box, width] = useWidth();
    const question = useAsk<Minutes>(`api/v1/receivers/${number}/minutes`, MINUTES_MS);
    const inside = Math.max(260, width - 24);
    const [, unit] = distance(100 * KM);
    const perMeter = 1 / (unit === t('unit.km') ? KM : 1852);
    return (
        <section class="card wide" ref={box}>
            <div class="cardhead"><h2>{t('receivers.overTime')}</h2><span class="mut sm">{t('receivers.overTimeNote')}</span></div>
            <Answer of={question}>
                {(m) => (m.rows.length < 2 || width === 0 ? <p class="empty mut">{t('receivers.noMinutes')}</p> : (
                    <div class="linebox">
                        <Lines minutes={m} columns={['frames']} width={inside} title={t('receivers.framesMinute')} unit="" />
                        <Lines minutes={m} columns={['aircraft']} width={inside} title={t('receivers.aircraft')} unit="" />
                        <Lines minutes={m} columns={['range_m']} width={inside} title={t('receivers.farthest')} unit={unit} scale={perMeter} />
                        <Lines minutes={m} columns={['level_dbfs', 'noise_dbfs']} width={inside} title={t('receivers.levelNoise')} unit="dBFS" fromZero={false} />
                        <Lines minutes={m} columns={['repaired', 'bad']} width={inside} title={t('receivers.repairedBad')} unit="" />
                    </div>
                ))}
            </Answer>
        </section>
    );
}

interface Count {
    what: string;
    n: number;
    of: number;
}
const countColumns = (head: string): TableColumn<Count>[] => [
    { key: 'what', head, cell: (c) => <span class="wrap"><bdi>{c.what}</bdi></span>, sortBy: (c) => c.what },
    { key: 'n', head: t('receivers.count'), isNumeric: true, cell: (c) => <Ltr>{grouped(c.n)}</Ltr>, sortBy: (c) => c.n },
    { key: 'part', head: t('receivers.part'), isNumeric: true, cell: (c) => <Ltr muted>{c.of ? percent(c.n / c.of) : NONE}</Ltr>, sortBy: (c) => (c.of ? c.n / c.of : NaN) },
];

function Counts({ title, note, head, list, empty }: { title: string; note?: string; head: string; list: Count[]; empty: string }) {
    return <Card title={title} note={note}><DataTable caption={title} columns={countColumns(head)} rows={list} rowKey={(c) => c.what} first={{ key: 'n', down: true }} empty={empty} /></Card>;
}

/* What a downlink format is for; uat and ac have no number. */
const formatText = (k: string) => (/^\d+$/.test(k) ? `${isolated(`DF ${k}`)} ${tOr(`receivers.df.${k}`, t('receivers.df.other'))}` : tOr(`receivers.df.${k}`, k));

function One({ r }: { r: Receiver }) {
    const [box, width] = useWidth();
    const level = r.levels ? meanLevel(r.levels) : NaN;
    const radio = r.radio;
    const refused = sum(r.rejected);
    const dbfs = (v: number | null | undefined) => (v === null || v === undefined || v !== v ? NONE : <Ltr>{grouped(v, 1)} dBFS</Ltr>);
    return (
        <>
            <h2 class="one" id="one"><Id>{r.name}</Id></h2>
            <Figures list={[
                { value: <Ltr>{grouped(r.frames)}</Ltr>, label: t('receivers.frames'), note: t('receivers.repairedOf', grouped(r.repaired)) },
                { value: <Ltr>{grouped(r.positions)}</Ltr>, label: t('receivers.positions'), note: t('receivers.refusedOf', grouped(refused)) },
                { value: farthest(r) ? <bdi>{distance(farthest(r)).join(' ')}</bdi> : NONE, label: t('receivers.farthest') },
                { value: dbfs(level), label: t('receivers.level'), note: radio && <>{t('receivers.noise')} {dbfs(radio.noise_dbfs)}</> },
                ...(radio ? [{ value: radio.gain_db === null ? NONE : <Ltr>{grouped(radio.gain_db, 1)} dB</Ltr>, label: t('receivers.gain'), note: t('receivers.lostOf', grouped(radio.lost), grouped(radio.clipped)) }] : []),
            ]} />
            <div class="cards">
                <OverTime key={r.number} number={r.number} />
                <section class="card" ref={box}>
                    <div class="cardhead"><h2>{t('receivers.range')}</h2><span class="mut sm">{t('receivers.rangeNote')}</span></div>
                    {r.range && farthest(r) > 0 && width > 0 ? <RangeRose range={r.range} width={Math.max(220, Math.min(width - 32, 380))} /> : <p class="empty mut">{t('receivers.noRange')}</p>}
                </section>
                <Card title={t('receivers.levels')} note={t('receivers.levelsNote')} acts={<FigureButtons name="levels" />}>
                    {r.levels && sum(Object.fromEntries(r.levels.counts.entries())) > 0 && width > 0 ? <Levels levels={r.levels} width={Math.max(240, width)} /> : <p class="empty mut">{t('receivers.noLevels')}</p>}
                </Card>
                <Counts title={t('receivers.formats')} head={t('receivers.format')} empty={t('receivers.noFrames')} list={[...Object.entries(r.formats).map(([k, n]) => ({ what: formatText(k), n, of: r.frames })), ...(r.values ? [{ what: t('receivers.values'), n: r.values, of: 0 }] : [])]} />
                <Counts title={t('receivers.refused')} note={t('receivers.refusedNote')} head={t('receivers.why')} empty={t('receivers.noneRefused')} list={[
                    ...Object.entries(r.rejected).map(([k, n]) => ({ what: tOr(`verdict.${k}`, k), n, of: r.positions + refused })),
                    ...([['bad_parity', r.bad_parity], ['unknown', r.unknown], ['duplicate', r.duplicate], ['repaired', r.repaired]] as const).filter(([, n]) => n > 0).map(([k, n]) => ({ what: t(`receivers.frame.${k}`), n, of: r.frames + r.bad_parity })),
                ]} />
            </div>
        </>
    );
}

export default function Receivers({ args }: PageProps) {
    const { sources } = useCell(sky.about);
    const question = useAsk<{ now: number; receivers: Receiver[] }>('api/v1/receivers', EVERY_MS);
    const all = (question.asked.answer?.receivers ?? []).map(counted);
    const chosen = all.find((r) => String(r.number) === args.number) ?? [...all].sort((a, b) => b.frames - a.frames)[0];
    return (
        <>
            <PageHead title={t('page.receivers')} sub={t('receivers.who')}><LinkButton /></PageHead>
            <div class="cards">
                <Card title={t('page.receivers')} wide>
                    <Answer of={question}>
                        {(a) => <DataTable caption={t('page.receivers')} columns={columns(sky.clock.known ? serverNow() : a.now, chosen?.number ?? -1)} rows={a.receivers.map(counted)} rowKey={(r) => String(r.number)} first={{ key: 'name', down: false }} most={12} />}
                    </Answer>
                </Card>
                <Card title={t('receivers.sources')} wide>
                    <DataTable caption={t('receivers.sources')} columns={sourceColumns()} rows={sources} rowKey={(s) => s.name} />
                </Card>
            </div>
            {args.number !== undefined && all.length > 0 && String(chosen?.number) !== args.number && <p class="empty">{t('receivers.gone')}</p>}
            {chosen && <One r={chosen} />}
        </>
    );
}
