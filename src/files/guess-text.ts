/**
 * Text whose encoding nobody noted down: decoded in each encoding that names on clinics' computers
 * have been written in, and the one whose characters make the likeliest names is taken. All names of
 * an archive are judged together, as one computer wrote them.
 */

interface Candidate {
  readonly label: string;
  decode(bytes: Uint8Array): string;
  /** How much a character speaks for this encoding, of one byte: −1 … 1.5. */
  weigh(character: string, before: string, after: string): number;
}

/** Characters that names of people, places and examinations are full of. */
const COMMON_HAN = new Set(
  '胸部正位侧側片张張王李刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧程曹袁' +
    '邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎余潘杜戴夏钟鐘汪田任姜范方石姚谭譚廖邹鄒熊金陆陆郝孔白崔康毛邱' +
    '秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔賀贺赖賴龚龔文小大明华華国國军軍伟偉芳娜敏静靜丽麗强磊洋勇艳艷杰' +
    '娟涛濤超秀兰蘭霞平刚剛桂英新建患者病人影像图圖照放射科医醫院検査写真一覧表右左前後后肺年月日号號第資料资料文件夹夾检查' +
    '摄攝拍线線报報告诊診断斷男女门門急住院山川本村木井中上下野原佐藤鈴高橋渡辺伊加健太郎子美像名姓学學校市县縣区區镇鎮张',
);
const COMMON_HANGUL = new Set(
  '가각간강건검결경계고골과관광교구국군권규근글기길김나남내노녹다단당대도동두라래량려로록류름리림마만명모목문물미민바박반방배백번변별병보복본부북분비사산상서석선설성세소손송수숙순숭시식신심아안양어연영예오옥와왕외요용우운원위유육윤은을음의이인일임입자장재전정제조종주준중지진차찬찰창채천철청촬최추춘측치태폐포표하학한해허현형혜호홍화환황효후훈흉희실과촬영새더파폴',
);
const COMMON_ARABIC = new Set('الموينرتبةسعدهفحقكطصش');

const isLatin = (character: string): boolean => /[A-Za-z]/.test(character);
const han = /\p{Script=Han}/u;
const kana = /[\u3041-\u3096\u30a1-\u30fe]/;
const hangul = /[\uac00-\ud7a3]/;
const arabic = /[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]/;
const cyrillic = /[\u0400-\u045f]/;
/** Punctuation and signs of full width, and brackets: seldom, but in every East Asian encoding. */
const wide = /[\u3000-\u3017\uff01-\uff5e\u2460-\u2473\u00b7]/;

/** A character that takes two bytes glued to a Latin letter was hardly meant: “T” + half of “ó”. */
function glued(before: string, after: string): number {
  return (isLatin(before) ? 0.5 : 0) + (isLatin(after) ? 0.5 : 0);
}

function weighHan(rank: number, character: string): number {
  return (COMMON_HAN.has(character) ? 1.4 : 0.5) * rank;
}

/** The upper halves of the two code pages that MS-DOS and its ZIP programs used in the West. */
const UPPER = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
    'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
    'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
} as const;

const CANDIDATES: readonly Candidate[] = [
  byLabel('shift_jis', (character, before, after) => {
    if (kana.test(character)) return 1.2;
    // One byte each, and any byte from 0xA1 to 0xDF is one: weak evidence.
    if (/[\uff61-\uff9f]/.test(character)) return /[\uff66-\uff9f]/.test(before + after) ? 0.35 : 0;
    if (han.test(character)) return weighHan(1, character) - glued(before, after);
    return wide.test(character) ? 0.6 : -0.5;
  }),
  byLabel('gb18030', (character, before, after) => {
    if (han.test(character)) return weighHan(1, character) - glued(before, after);
    if (kana.test(character)) return 0.1;
    return wide.test(character) ? 0.6 : -0.5;
  }),
  byLabel('big5', (character, before, after) => {
    if (han.test(character)) return weighHan(1, character) - glued(before, after);
    return wide.test(character) ? 0.6 : -0.5;
  }),
  byLabel('euc-kr', (character, before, after) => {
    if (hangul.test(character)) {
      return (COMMON_HANGUL.has(character) ? 1.4 : 0.4) - glued(before, after);
    }
    if (han.test(character)) return weighHan(0.5, character) - glued(before, after);
    return wide.test(character) ? 0.5 : -0.5;
  }),
  byLabel('windows-1256', (character, before, after) => {
    if (!arabic.test(character)) return isLetter(character) ? 0.1 : -1;
    const alone = !arabic.test(before) && !arabic.test(after);
    return alone ? 0 : COMMON_ARABIC.has(character) ? 1.25 : 0.8;
  }),
  byLabel('ibm866', weighCyrillic),
  byLabel('windows-1251', weighCyrillic),
  byLabel('windows-1252', (character, before, after) =>
    isLetter(character) && (isLatin(before) || isLatin(after)) ? 0.95 : -1,
  ),
  dos('cp850', (character, before, after) => weighDos(character, before, after) - 0.02),
  dos('cp437', weighDos),
];

/** Small letters follow letters; a capital among small ones is an accident. */
function weighCyrillic(character: string, before: string, after: string): number {
  if (!cyrillic.test(character)) return isLetter(character) ? 0 : -1;
  if (!cyrillic.test(before) && !cyrillic.test(after)) return 0;
  if (/\p{Lu}/u.test(character)) {
    return /\p{Ll}/u.test(before) ? -0.5 : /\p{Ll}/u.test(after) ? 1.1 : 0.5;
  }
  return 1.1;
}

function weighDos(character: string, before: string, after: string): number {
  if (!isLetter(character)) return -1;
  if (/[\u0370-\u03ff]/.test(character)) return -0.5;
  return isLatin(before) || isLatin(after) ? 1 : 0;
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}

function dos(label: keyof typeof UPPER, weigh: Candidate['weigh']): Candidate {
  const upper = UPPER[label];
  const decode = (bytes: Uint8Array): string => {
    let decoded = '';
    for (const byte of bytes)
      decoded += byte < 0x80 ? String.fromCharCode(byte) : upper[byte - 128];
    return decoded;
  };
  return { label, decode, weigh };
}

function byLabel(label: string, weigh: Candidate['weigh']): Candidate {
  return {
    label,
    decode: (bytes) => new TextDecoder(label, { fatal: true }).decode(bytes),
    weigh,
  };
}

/** Enough to judge by; an archive may hold 200,000 names. */
const MOST_JUDGED = 400;

/** The texts in the likeliest encoding; those it cannot say come as CP437, in which every byte is something. */
export function guessText(texts: readonly Uint8Array[]): string[] {
  const sample = [...new Map(texts.map((text) => [text.join(), text])).values()].slice(
    0,
    MOST_JUDGED,
  );
  let best = CANDIDATES[CANDIDATES.length - 1];
  let most = Number.NEGATIVE_INFINITY;
  for (const candidate of CANDIDATES) {
    const weight = weightOf(candidate, sample);
    if (weight > most) [best, most] = [candidate, weight];
  }
  const fallback = CANDIDATES[CANDIDATES.length - 1];
  return texts.map((text) => decoded(best, text) ?? fallback.decode(text));
}

function weightOf(candidate: Candidate, sample: readonly Uint8Array[]): number {
  let weight = 0;
  for (const bytes of sample) {
    const text = decoded(candidate, bytes);
    if (text === null) {
      // A single name that was cut inside a character does not rule the others' encoding out.
      weight -= 2 * bytes.filter((byte) => byte >= 0x80).length;
      continue;
    }
    const characters = Array.from(text);
    characters.forEach((character, index) => {
      if (character < '\u0080') return;
      const before = characters[index - 1] ?? ' ';
      const after = characters[index + 1] ?? ' ';
      // Characters of private use and control characters are in tables, and in nobody's names.
      const strange = /[\p{Co}\p{Cc}\p{Cn}]/u.test(character);
      const length = isSingleByte(candidate.label, character) ? 1 : 2;
      weight += length * (strange ? -1.5 : candidate.weigh(character, before, after));
    });
  }
  return weight;
}

function isSingleByte(label: string, character: string): boolean {
  if (label === 'shift_jis') return /[\uff61-\uff9f]/.test(character);
  return !/^(?:gb18030|big5|euc-kr)$/.test(label);
}

function decoded(candidate: Candidate, bytes: Uint8Array): string | null {
  try {
    return candidate.decode(bytes);
  } catch {
    return null;
  }
}
