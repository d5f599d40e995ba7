// An area: its airfields as a place, and who flew through it.
import { useAsk } from '../data/ask';
import { altitude, grouped } from '../format';
import { periodArgs, type Period } from '../period';
import { changeArgs } from '../route';
import { AircraftRef, Answer, Card, DataTable, Ltr, PageHead, Span, type TableColumn } from '../ui/parts';
import { TextField } from '../ui/form';
import { t } from '../words';
import type { PageProps } from '.';
import { isArea } from './args';
import { PlaceView } from './place';
import { Fields } from './place_country';

interface Visit {
    hex: string;
    flight: string | null;
    from: number;
    to: number;
    points: number;
    alt_low?: number | null;
    alt_high?: number | null;
}

const VISITS_MOST = 2000;

const visitColumns = (): TableColumn<Visit>[] => [
    { key: 'flight', head: t('field.flight'), cell: (v) => <AircraftRef hex={v.hex} flight={v.flight?.trim() || undefined} />, sortBy: (v) => v.flight ?? '' },
    { key: 'span', head: t('place.inside'), isNumeric: true, cell: (v) => <Span lo={v.from} hi={v.to} />, sortBy: (v) => v.from },
    {
        key: 'alt', head: t('field.alt_baro'), isNumeric: true, sortBy: (v) => v.alt_low ?? NaN,
        cell: (v) => (v.alt_low === undefined || v.alt_low === null ? <span class="mut">{t('ledger.unknown')}</span> : <bdi>{v.alt_low === v.alt_high ? altitude(v.alt_low).join(' ') : `${altitude(v.alt_low)[0]}–${altitude(v.alt_high ?? v.alt_low).join(' ')}`}</bdi>),
    },
    { key: 'points', head: t('place.positions'), isNumeric: true, cell: (v) => (v.points ? <Ltr>{grouped(v.points)}</Ltr> : <span class="mut">{t('place.passed')}</span>), sortBy: (v) => v.points },
];

function Visits({ area, period }: { area: string; period: Period }) {
    const question = useAsk<{ visits: Visit[]; next: string | null }>(`api/v1/history/find?${new URLSearchParams({ area, ...periodArgs(period), limit: String(VISITS_MOST) }).toString()}`);
    return (
        <Card title={t('place.through')} note={t('place.throughNote')}>
            <Answer of={question}>
                {(a) => (
                    <>
                        {a.next !== null && <p class="mut sm">{t('place.visitsCut', a.visits.length)}</p>}
                        <DataTable caption={t('place.through')} columns={visitColumns()} rows={a.visits} rowKey={(v) => `${v.hex} ${v.from}`} first={{ key: 'span', down: true }} most={20} empty={t('place.nobodyInside')} />
                    </>
                )}
            </Answer>
        </Card>
    );
}

function Choose() {
    return (
        <>
            <PageHead title={t('page.area')} sub={t('place.areaHow')} />
            <div class="fields"><TextField label={t('page.area')} value="" size={40} hint="circle=13.48,2.18,60NM" wrong={(v) => (isArea(v) ? '' : t('place.areaWrong'))} take={(area) => changeArgs({ area })} /></div>
        </>
    );
}

export default function AreaPage({ args }: PageProps) {
    const area = args.area ?? '';
    if (!area) return <Choose />;
    return (
        <PlaceView
            args={args}
            of={{
                filter: { area }, area, isOneField: false, named: args.name || t('page.area'),
                title: args.name ? <bdi>{args.name}</bdi> : t('page.area'), sub: <Ltr>{area}</Ltr>,
                more: (period, arrivals) => <><Visits area={area} period={period} /><Fields arrivals={arrivals} period={period} /></>,
            }}
        />
    );
}

