import { endOfDay, readTime } from '../../base/time.ts';
import { plainAd, plainEvent, type Format, type ImportRun } from './format.ts';
import { contextGroup, eventsGroup, trendGroup } from './groups.ts';
import { day, timeSplit } from './times.ts';

/** The timestamps, given in UTC, run from 7:30 on New Year's Day to 22:47 on New Year's Eve in US Eastern time. */
const eastern = -300;

const dateOf = (date: string): number | null => {
  const [year, month, dayOfMonth] = date.split('-').map(Number);
  return endOfDay(year ?? Number.NaN, month ?? Number.NaN, dayOfMonth ?? Number.NaN, eastern);
};

const addHousehold = (run: ImportRun, household: string): void => {
  if (!run.seen.users.has(household)) run.addUser({ userId: household, attributes: {} });
};

/** Demographics come first: a user's attributes are written once. */
const readDemographics = (run: ImportRun): Promise<void> => {
  const names = ['age', 'income', 'home_ownership', 'marital_status', 'household_size', 'household_comp', 'kids_count'];
  return run.each(
    'demographics.csv',
    { columns: ['household_id', ...names], header: true },
    ([household = '', ...values]) => {
      if (household === '') return 'missing-id';
      const attributes = Object.fromEntries(
        names.map((name, i) => [name, values[i] ?? '']).filter(([, value]) => value !== ''),
      );
      return run.addUser({ userId: household, attributes }) ? null : 'duplicate-id';
    },
  );
};

interface Campaign {
  readonly type: string;
  readonly start: string;
  readonly end: string;
  readonly startAt: number;
}

const readCampaigns = async (run: ImportRun): Promise<Map<string, Campaign>> => {
  const campaigns = new Map<string, Campaign>();
  await run.each(
    'campaign_descriptions.csv',
    { columns: ['campaign_id', 'campaign_type', 'start_date', 'end_date'], header: true },
    ([id = '', type = '', start = '', end = '']) => {
      const startAt = dateOf(start);
      if (startAt === null || dateOf(end) === null) return 'bad-date';
      if (campaigns.has(id)) return 'duplicate-id';
      campaigns.set(id, { type, start, end, startAt });
      return null;
    },
  );
  return campaigns;
};

interface Coupons {
  /** coupon and campaign → products */
  readonly products: Map<string, Set<string>>;
  /** product → campaigns */
  readonly campaigns: Map<string, Set<string>>;
}

const addTo = (sets: Map<string, Set<string>>, key: string, value: string): void => {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
};

const readProducts = async (run: ImportRun): Promise<Map<string, ReturnType<typeof plainAd>>> => {
  const products = new Map<string, ReturnType<typeof plainAd>>();
  const columns = [
    'product_id',
    'manufacturer_id',
    'department',
    'brand',
    'product_category',
    'product_type',
    'package_size',
  ];
  await run.each(
    'products.csv',
    { columns, header: true },
    ([id = '', maker = '', department = '', brand = '', category = '', type = '', size = '']) => {
      if (id === '') return 'missing-id';
      if (products.has(id)) return 'duplicate-id';
      const path = [department, category, type].filter((part) => part !== '');
      const title = [path.at(-1) ?? '', size].filter((part) => part !== '').join(' ');
      products.set(id, plainAd(id, { title, category: path.join(' > '), brand: `${brand} ${maker}`.trim() }));
      return null;
    },
  );
  return products;
};

const readCoupons = async (
  run: ImportRun,
  products: ReadonlyMap<string, unknown>,
  known: ReadonlyMap<string, Campaign>,
): Promise<Coupons> => {
  const coupons: Coupons = { products: new Map(), campaigns: new Map() };
  await run.each(
    'coupons.csv',
    { columns: ['coupon_upc', 'product_id', 'campaign_id'], header: true },
    ([coupon = '', product = '', campaign = '']) => {
      if (!products.has(product)) return 'unknown-ad';
      if (!known.has(campaign)) return 'unknown-campaign';
      addTo(coupons.products, `${coupon} ${campaign}`, product);
      addTo(coupons.campaigns, product, campaign);
      return null;
    },
  );
  return coupons;
};

/** product, store and week → where it was promoted. */
const readPromotions = async (run: ImportRun, products: ReadonlyMap<string, unknown>): Promise<Map<string, string>> => {
  const promoted = new Map<string, string>();
  await run.each(
    'promotions_sample.csv',
    { columns: ['product_id', 'store_id', 'display_location', 'mailer_location', 'week'], header: true },
    ([product = '', store = '', display = '', mailer = '', week = '']) => {
      if (!products.has(product)) return 'unknown-ad';
      const places = [...(display === '0' ? [] : ['display']), ...(mailer === '0' ? [] : ['mailer'])];
      promoted.set(`${product} ${store} ${week}`, places.length === 0 ? 'store' : places.join('+'));
      return null;
    },
  );
  return promoted;
};

/** Purchases; returns household and local day → products bought. */
const readTransactions = async (
  run: ImportRun,
  promoted: ReadonlyMap<string, string>,
): Promise<Map<string, Set<string>>> => {
  const baskets = new Map<string, Set<string>>();
  const columns = ['household_id', 'store_id', 'basket_id', 'product_id', 'week', 'transaction_timestamp'];
  await run.each(
    'transactions_sample.csv',
    { columns, header: true },
    ([household = '', store = '', basket = '', product = '', week = '', time = ''], line) => {
      const at = readTime(time, { day: 'last' });
      if (household === '') return 'missing-id';
      addHousehold(run, household);
      if (!run.seen.ads.has(product)) return 'unknown-ad';
      if (at === null) return 'bad-time';
      run.addEvent(
        plainEvent(`${basket}:${line}`, household, 'purchase', at, {
          adId: product,
          platform: promoted.get(`${product} ${store} ${week}`) ?? 'store',
        }),
      );
      addTo(baskets, `${household} ${new Date(at + eastern * 60_000).toISOString().slice(0, 10)}`, product);
      return null;
    },
  );
  return baskets;
};

/** The product a redemption is about: the coupon's one product, or the one bought that day; null where that is not settled. */
const redeemed = (covered: ReadonlySet<string>, bought: ReadonlySet<string>): string | null => {
  const candidates = covered.size === 1 ? [...covered] : [...bought].filter((product) => covered.has(product));
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
};

const readRedemptions = (
  run: ImportRun,
  coupons: Coupons,
  baskets: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> =>
  run.each(
    'coupon_redemptions.csv',
    { columns: ['household_id', 'coupon_upc', 'campaign_id', 'redemption_date'], header: true },
    ([household = '', coupon = '', campaign = '', date = ''], line) => {
      const at = dateOf(date);
      const covered = coupons.products.get(`${coupon} ${campaign}`);
      if (at === null) return 'bad-date';
      if (covered === undefined) return 'unknown-coupon';
      addHousehold(run, household);
      const adId = redeemed(covered, baskets.get(`${household} ${date}`) ?? new Set());
      run.addEvent(plainEvent(`redeem:${line}`, household, 'redeem', at, { adId, platform: `campaign ${campaign}` }));
      return null;
    },
  );

const readMailings = (run: ImportRun, campaigns: ReadonlyMap<string, Campaign>): Promise<void> =>
  run.each('campaigns.csv', { columns: ['campaign_id', 'household_id'], header: true }, ([id = '', household = '']) => {
    const campaign = campaigns.get(id);
    if (campaign === undefined) return 'unknown-campaign';
    addHousehold(run, household);
    const at = campaign.startAt - day + 1_000;
    return run.addEvent(
      plainEvent(`mailing:${id}:${household}`, household, 'mailing', at, { platform: `campaign ${id}` }),
    )
      ? null
      : 'duplicate-id';
  });

/** 84.51° Complete Journey 2.0: grocery households with campaigns, coupons and promotions; products are the ads. */
export const completeJourney: Format = {
  id: 'completejourney',
  title: 'Complete Journey 2.0 (purchases, campaigns, coupons, promotions, demographics)',
  name: 'completejourney',
  read: async (run) => {
    await readDemographics(run);
    const campaigns = await readCampaigns(run);
    const products = await readProducts(run);
    const coupons = await readCoupons(run, products, campaigns);
    for (const [id, ad] of products) {
      const of = [...(coupons.campaigns.get(id) ?? [])].sort((a, b) => Number(a) - Number(b));
      run.addAd({ ...ad, campaign: of.length === 0 ? null : of.join(',') });
    }
    const promoted = await readPromotions(run, products);
    const baskets = await readTransactions(run, promoted);
    await readRedemptions(run, coupons, baskets);
    await readMailings(run, campaigns);
    const asOf = timeSplit(run.seen, ['purchase'], eastern);
    return {
      groups: [
        eventsGroup('purchase', ['purchase']),
        eventsGroup('coupon', ['redeem']),
        contextGroup(),
        trendGroup(28),
      ],
      engagementKinds: ['purchase'],
      syntheticTimes: false,
      tzOffsetMinutes: eastern,
      asOf,
      trainUntil: asOf,
      facts: {
        campaigns: Object.fromEntries([...campaigns].map(([id, { type, start, end }]) => [id, { type, start, end }])),
      },
      decisions: [
        "Campaign of an ad: the ids of all campaigns with a coupon for it, joined by commas. Campaign dates are not the ad's own: the product is sold outside them too, so ads have no start or end; the dates are under import.campaigns.",
        'A coupon covers up to 14,477 products: a redemption names one only where the coupon has one, or the household bought exactly one of them that day; else the `redeem` event has no ad. A redemption counts from the last millisecond of its day.',
        "A household on a campaign's list gets a `mailing` event at the campaign's first midnight.",
        'Promotions become the platform of a purchase (display, mailer, display+mailer, store) where product, store and week meet; most of the sample meets no purchase.',
        "Brand: National or Private with the manufacturer's number. The shop's local time is taken as UTC−5.",
      ],
    };
  },
};
