/** What a score's reasons say to people, and what would change it. */

export type ReasonCode =
  | 'SALES_TOO_LOW'
  | 'SALES_FALLING'
  | 'SALES_UNSTEADY'
  | 'PURCHASES_TOO_LOW'
  | 'HISTORY_TOO_SHORT'
  | 'QUALITY_WEAK'
  | 'BUYERS_CONCENTRATED'
  | 'SUPPLIERS_CONCENTRATED'
  | 'MARGIN_UNUSUAL';

interface Texts {
  readonly zh: string;
  readonly en: string;
  readonly hintZh: string;
  readonly hintEn: string;
}

const texts: Readonly<Record<ReasonCode, Texts>> = {
  SALES_TOO_LOW: {
    zh: '近十二个月销售额偏低',
    en: 'Sales over the last twelve months are low',
    hintZh: '销售额提高后可再次申请',
    hintEn: 'Apply again when sales have risen',
  },
  SALES_FALLING: {
    zh: '近期销售额明显下滑',
    en: 'Sales have fallen noticeably of late',
    hintZh: '销售额回升后可再次申请',
    hintEn: 'Apply again when sales have recovered',
  },
  SALES_UNSTEADY: {
    zh: '各月销售额波动较大',
    en: 'Sales differ much from month to month',
    hintZh: '各月销售额趋于平稳后可再次申请',
    hintEn: 'Apply again when monthly sales have become steadier',
  },
  PURCHASES_TOO_LOW: {
    zh: '进货规模偏小',
    en: 'Purchases on record are low',
    hintZh: '请确认进项发票已全部提交',
    hintEn: 'Make sure that all purchase invoices have been sent',
  },
  HISTORY_TOO_SHORT: {
    zh: '经营时间较短',
    en: 'The trading history is short',
    hintZh: '经营时间更长后可再次申请，或补充更早的记录',
    hintEn: 'Apply again with a longer history, or send older records',
  },
  QUALITY_WEAK: {
    zh: '作废、退货或红字发票比例偏高',
    en: 'Voided, returned or red invoices are frequent',
    hintZh: '作废和退货减少后可再次申请',
    hintEn: 'Apply again when voided and returned invoices have become fewer',
  },
  BUYERS_CONCENTRATED: {
    zh: '客户过于集中',
    en: 'Sales depend on few customers',
    hintZh: '客户更为分散后可再次申请',
    hintEn: 'Apply again when sales are spread over more customers',
  },
  SUPPLIERS_CONCENTRATED: {
    zh: '供应商过于集中',
    en: 'Purchases depend on few suppliers',
    hintZh: '供应商更为分散后可再次申请',
    hintEn: 'Apply again when purchases are spread over more suppliers',
  },
  MARGIN_UNUSUAL: {
    zh: '进销差异常',
    en: 'The difference between sales and purchases is unusual',
    hintZh: '请确认进项和销项发票均已全部提交',
    hintEn: 'Make sure that all invoices of sales and purchases have been sent',
  },
};

/** As a model keeps them. */
export const reasonTexts = Object.entries(texts).map(([code, { zh, en }]) => ({ code, zh, en }));

/** Empty for a code of an older model that is no longer known. */
export const hintsOf = (code: string): { readonly zh: string; readonly en: string } => {
  const { hintZh = '', hintEn = '' } = (texts as Readonly<Record<string, Texts>>)[code] ?? {};
  return { zh: hintZh, en: hintEn };
};
