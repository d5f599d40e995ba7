// What may be said of a movement, Arabic.
import type { Band } from '../../sure';
import type { claims as english } from '../en/claims';
import { counted } from './speak';

const LANDED: Record<Band, (y: string) => string> = {
    observed: (y) => `رُصد هبوطها في ${y}`,
    inferred: (y) => `هبطت في ${y} (استنتاجاً)`,
    probable: (y) => `على الأرجح هبطت في ${y}`,
    possible: (y) => `ربما هبطت في ${y}`,
    unknown: (y) => `الوجهة غير محددة؛ آخر رصد قرب ${y}`,
};
const BOUND: Record<Band, (y: string) => string> = {
    observed: (y) => `في طريقها إلى ${y} (استنتاجاً)`,
    inferred: (y) => `في طريقها إلى ${y} (استنتاجاً)`,
    probable: (y) => `على الأرجح في طريقها إلى ${y}`,
    possible: (y) => `ربما في طريقها إلى ${y}`,
    unknown: (y) => (y ? `الوجهة غير محددة؛ آخر رصد قرب ${y}` : 'الوجهة غير محددة'),
};
const TOOK_OFF: Record<Band, (x: string) => string> = {
    observed: (x) => `رُصد إقلاعها من ${x}`,
    inferred: (x) => `أقلعت من ${x} (استنتاجاً)`,
    probable: (x) => `على الأرجح أقلعت من ${x}`,
    possible: (x) => `ربما أقلعت من ${x}`,
    unknown: (x) => `نقطة الإقلاع غير محددة، أول رصد قرب ${x}`,
};

export const claims: typeof english = {
    'sure.observed': 'مرصود',
    'sure.inferred': 'مستنتَج',
    'sure.probable': 'مرجَّح',
    'sure.possible': 'ممكن',
    'sure.unknown': 'غير محدد',
    'say.landed': (band: Band, place: string) => LANDED[band](place),
    'say.bound': (band: Band, place: string) => BOUND[band](place),
    'say.tookOff': (band: Band, place: string) => TOOK_OFF[band](place),
    'count.flights': (n: number) => counted(n, { zero: 'لا رحلات', one: 'رحلة واحدة', two: 'رحلتان', few: '# رحلات', other: '# رحلة' }),
    'count.rows': (n: number) => counted(n, { zero: 'لا صفوف', one: 'صف واحد', two: 'صفان', few: '# صفوف', many: '# صفاً', other: '# صف' }),
    'claim.first_seen': 'أول رصد في الجو',
    'claim.took_off': 'أقلعت',
    'claim.landed': 'هبطت',
    'claim.flight_ended': 'انتهت الرحلة دون رصد',
    'claim.stay': 'مكوث على الأرض',
    'claim.leg': 'رحلة',
    'claim.gap': 'انقطاع الرصد',
    'claim.origin': 'نقطة الإقلاع',
    'claim.destination': 'الوجهة',
    'claim.orbit': 'دوران',
    'claim.holding': 'انتظار',
    'claim.survey': 'خطوط متوازية',
    'claim.refueling': 'التزود بالوقود جواً',
    'claim.formation': 'تشكيل',
    'claim.go_around': 'إلغاء الهبوط والدوران',
    'claim.touch_and_go': 'لمس وإقلاع',
    'claim.turn_back': 'العودة إلى مطار الإقلاع',
    'claim.diversion': 'تحويل إلى مطار آخر',
    'claim.spoofed': 'موقع مزيَّف',
    'claim.address_shared': 'عنوان تستعمله طائرتان',
    'claim.ground_only': 'على الأرض فقط',
    'method.observed': 'رُصد ما قبله وما بعده',
    'method.inferred_climb': 'رُصدت أولاً منخفضة صاعدة من مهبط',
    'method.inferred_lost_descent': 'انقطع رصدها في نزول نحو مهبط',
    'method.inferred_silence': 'كان ينبغي أن تُرصد منذئذ لو واصلت',
    'method.inferred_gap': 'طرفا الانقطاع يوافقان توقفاً لا طيراناً',
    'method.inferred_reappearance': 'حيث رُصدت بعد ذلك',
    'method.posterior': 'وُزن من مسارها ومن رحلات سابقة',
    'method.path': 'شكل مسارها',
    'method.pair': 'مساران متجاوران',
    'method.trust': 'رسائلها يناقض بعضها بعضاً',
};
