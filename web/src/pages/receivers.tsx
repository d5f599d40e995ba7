// Who hears, and what this server listens to: the table beside the map's rings.
import { useCell } from '../cell';
import { useAsk } from '../data/ask';
import { serverNow, sky, type Source } from '../data/sky';
import { age, grouped, NONE, position } from '../format';
import { t } from '../words';
import { Answer, Card, DataTable, Id, Ltr, PageHead, type TableColumn } from '../ui/parts';

interface Row {
    number: number;
    name: string;
    source: number;
    simulated: boolean;
    lat?: number;
    lon?: number;
    frames: number;
    last?: number;
}

const EVERY_MS = 5000;

const columns = (now: number): TableColumn<Row>[] => [
    { key: 'name', head: t('receivers.name'), cell: (r) => <><Id>{r.name}</Id>{r.simulated && <span class="mut"> {t('receivers.simulated')}</span>}</>, sortBy: (r) => r.name },
    { key: 'place', head: t('receivers.place'), cell: (r) => (r.lat === undefined || r.lon === undefined ? <span class="mut">{t('receivers.noPlace')}</span> : <Ltr>{position(r.lat, r.lon, 3)}</Ltr>), sortBy: (r) => r.lat ?? NaN },
    { key: 'frames', head: t('receivers.frames'), isNumeric: true, cell: (r) => <Ltr>{grouped(r.frames)}</Ltr>, sortBy: (r) => r.frames },
    { key: 'last', head: t('receivers.last'), isNumeric: true, cell: (r) => (r.last ? <bdi>{age(now - r.last)}</bdi> : <span class="mut">{t('receivers.never')}</span>), sortBy: (r) => r.last ?? NaN },
];

const sourceColumns = (): TableColumn<Source>[] => [
    { key: 'name', head: t('receivers.source'), cell: (s) => <Id>{s.name}</Id>, sortBy: (s) => s.name },
    { key: 'state', head: t('receivers.state'), cell: (s) => <Ltr>{s.state || NONE}</Ltr>, sortBy: (s) => s.state },
];

export default function Receivers() {
    const { sources } = useCell(sky.about);
    const question = useAsk<{ now: number; receivers: Row[] }>('api/v1/receivers', EVERY_MS);
    return (
        <>
            <PageHead title={t('page.receivers')} sub={t('receivers.who')} />
            <div class="cards">
                <Card title={t('page.receivers')} wide>
                    <Answer of={question}>
                        {(a) => <DataTable caption={t('page.receivers')} columns={columns(sky.clock.known ? serverNow() : a.now)} rows={a.receivers} rowKey={(r) => String(r.number)} first={{ key: 'name', down: false }} />}
                    </Answer>
                </Card>
                <Card title={t('receivers.sources')} wide>
                    <DataTable caption={t('receivers.sources')} columns={sourceColumns()} rows={sources} rowKey={(s) => s.name} />
                </Card>
            </div>
        </>
    );
}
