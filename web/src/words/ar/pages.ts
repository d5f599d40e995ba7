// Texts of the pages, Arabic.
import type { pages as english } from '../en/pages';
import { quoted } from '../speak';

export const pages: typeof english = {
    'page.loading': 'جارٍ الطلب',
    'page.failed': 'تعذرت قراءة هذا:',
    'page.again': 'إعادة المحاولة',
    'page.link': 'رابط',
    'page.export': 'تصدير المعروض',
    'page.none': 'لا شيء هنا.',
    'page.unknown': (name: string) => `لا صفحة هنا باسم «${quoted(name)}».`,
    'page.toDesk': 'إلى الرصد',
    'page.lost': 'تعذر تحميل هذه الصفحة. ربما جُدِّد الخادوم.',
    'page.receivers': 'المستقبِلات',
    'receivers.who': 'من يسمع، وما يستمع إليه هذا الخادوم',
    'receivers.name': 'المستقبِل',
    'receivers.place': 'المكان',
    'receivers.frames': 'الإطارات',
    'receivers.last': 'آخر رصد',
    'receivers.source': 'المصدر',
    'receivers.sources': 'المصادر',
    'receivers.state': 'الحالة',
    'receivers.noPlace': 'غير مذكور',
    'receivers.never': 'أبداً',
    'receivers.simulated': 'محاكاة',
};
