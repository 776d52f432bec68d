import { byCodeUnit } from '../../base/order.ts';
import { readTime } from '../../base/time.ts';
import { plainAd, plainEvent, type Format } from './format.ts';
import { contextGroup, eventsGroup } from './groups.ts';
import { timeSplit } from './times.ts';

/** Product codes begin with five digits; POST, M, C2, DOT, PADS, BANK CHARGES are bookings. */
const productCode = /^\d{5}/;

interface Product {
  readonly titles: Map<string, number>;
  price: number;
  pricedAt: number;
}

const mostFrequent = (counts: ReadonlyMap<string, number>): string =>
  [...counts].sort(([a, n], [b, m]) => m - n || byCodeUnit(a, b))[0]?.[0] ?? '';

const rejection = (
  customer: string,
  invoice: string,
  code: string,
  quantity: number,
  price: number,
  at: number | null,
): string | null => {
  if (customer === '') return 'no-customer';
  if (invoice.startsWith('C')) return 'cancellation';
  if (!(quantity > 0)) return 'quantity-not-positive';
  if (!(price > 0)) return 'price-not-positive';
  if (!productCode.test(code)) return 'not-a-product';
  return at === null ? 'bad-time' : null;
};

/** UCI Online Retail: one row an invoice line. Cleaned down to purchases of products by known customers. */
export const onlineRetail: Format = {
  id: 'online-retail',
  title: 'UCI Online Retail (online_retail.csv)',
  name: 'online-retail',
  read: async (run) => {
    const columns = [
      'InvoiceNo',
      'StockCode',
      'Description',
      'Quantity',
      'InvoiceDate',
      'UnitPrice',
      'CustomerID',
      'Country',
    ];
    const products = new Map<string, Product>();
    await run.each(
      'online_retail.csv',
      { columns, header: true },
      (
        [invoice = '', code = '', title = '', quantity = '', date = '', unitPrice = '', customer = '', country = ''],
        line,
      ) => {
        const price = Number(unitPrice);
        const at = readTime(date, { day: 'last' });
        const reason = rejection(customer, invoice, code, Number(quantity), price, at);
        if (reason !== null || at === null) return reason;
        const product = products.get(code) ?? { titles: new Map<string, number>(), price, pricedAt: at };
        products.set(code, product);
        const words = title.trim();
        if (words !== '') product.titles.set(words, (product.titles.get(words) ?? 0) + 1);
        if (at >= product.pricedAt) Object.assign(product, { price, pricedAt: at });
        if (!run.seen.users.has(customer))
          run.addUser({ userId: customer, attributes: country === '' ? {} : { country } });
        run.addEvent(plainEvent(`${invoice}:${line}`, customer, 'purchase', at, { adId: code }));
        return null;
      },
    );
    for (const [code, { titles, price }] of products) run.addAd(plainAd(code, { title: mostFrequent(titles), price }));
    const engagementKinds = ['purchase'];
    const asOf = timeSplit(run.seen, engagementKinds);
    return {
      groups: [eventsGroup('purchase', ['purchase']), contextGroup()],
      engagementKinds,
      syntheticTimes: false,
      tzOffsetMinutes: 0,
      asOf,
      trainUntil: asOf,
      decisions: [
        'Kept: lines with a customer, not cancelled (C…), with quantity and price above 0 and a product code that begins with five digits.',
        'Title of a product: its most frequent description; price: its latest. Products have no category: there is no trend group.',
      ],
    };
  },
};
