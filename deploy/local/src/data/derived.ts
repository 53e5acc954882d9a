/** What the files do not say and a demo derives from the masked name or the code: no fact about any firm. */

import type { Firm } from '../market/market.ts';
import { seededRandom } from '../market/random.ts';

/** 公司: a company; all others count as individual businesses. */
export const derivedKind = (name: string): Firm['kind'] =>
  name.includes('公司') ? 'COMPANY' : 'INDIVIDUAL_BUSINESS';

/** Divisions of GB/T 4754 by words of names; the first that fits. */
const trades: readonly (readonly [words: RegExp, category: string])[] = [
  [/物流|运输|货运|运贸|运业|快递/, 'G'],
  [/建筑|建设|工程|装饰|装修|安装|路桥|园林|劳务/, 'E'],
  [/软件|信息|网络|数码|电子商务|智能/, 'I'],
  [/房地产|物业/, 'K'],
  [/酒店|餐饮|宾馆/, 'H'],
  [/文化|传媒|影|体育|演艺|图书/, 'R'],
  [/教育|培训|技能/, 'P'],
  [/药|医|福利/, 'Q'],
  [/农|园艺|合作社|花|蔬菜/, 'A'],
  [/制造|机械|厂|化工|钢|电气|设备|食品|纸|印/, 'C'],
  [/广告|咨询|策划|租赁|人力|事务所|代理/, 'L'],
  [/科技|技术|勘察|测绘|设计|检验|研究/, 'M'],
  [/商贸|贸易|销售|经营部|店|建材|物资|汽/, 'F'],
];

export const derivedTrade = (name: string): string =>
  trades.find(([words]) => words.test(name))?.[1] ?? 'O';

/** Districts and counties of Zhejiang, GB/T 2260. */
const regions = [
  '330106',
  '330109',
  '330212',
  '330281',
  '330382',
  '330483',
  '330681',
  '330782',
  '331082',
];

/** Drawn with the number of the firm as seed. */
export const derivedRegion = (number: number): string =>
  regions[seededRandom(number).below(regions.length)] as string;
