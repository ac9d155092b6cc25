/**
 * Body part and view as files name them: by code, in the words of consoles set up in many languages,
 * and by the directions of rows and columns. A word nobody here knows decides nothing.
 */
import type { Fields } from './fields.ts';

export type Named = 'chest' | 'other' | 'unknown' | 'unsaid';
export type View = 'frontal' | 'lateral' | 'unknown' | 'unsaid';

/** SNOMED CT, SNOMED RT, FMA and RadLex: chest, thorax, thoracic cavity, lung, mediastinum. */
const CHEST_CODES = [
  ...['51185008', '43799004', '39607008', '72410000', '302551006', '816094009', '181216001'],
  ...['T-D3000', 'T-D3050', 'T-D3200', 'T-28000', 'T-D3300', '9576', 'RID1243', 'RID1301'],
];
/** Head, neck, abdomen, pelvis, spine, and the parts of arm and leg (PS3.16 CID 4031). */
const OTHER_CODES = [
  ...['69536005', '45048000', '113345001', '818981001', '12921003', '421060004', '122494005'],
  ...['122495006', '122496007', '72696002', '24136001', '16982005', '85562004', '56459004'],
  ...[
    '51299004',
    '8205005',
    '70258002',
    '53120007',
    '61685007',
    '30021000',
    '66019005',
    '76752008',
  ],
  ...['T-D1100', 'T-D1600', 'T-D4000', 'T-D6000', 'T-11501', 'T-11502', 'T-11503', 'T-D9200'],
  ...['T-15710', 'T-D2220', 'T-D8700', 'T-D9700', 'T-D8600', 'T-15750', 'T-D8300', 'T-D9400'],
];
const LATERAL_CODES = [
  ...['R-10228', 'R-10232', 'R-10234', 'R-10236', '399067008', '399198007', '399173006'],
  ...['399067008', '272481009'],
];
const FRONTAL_CODES = [
  ...['R-10202', 'R-10204', 'R-10206', 'R-10208', 'R-10210', 'R-10212', 'R-10214', 'R-10216'],
  ...['399348003', '272479007', '272460009', '399061009', '399132005', '399110001'],
];

/** Chest, thorax and lung, without accents where a language has them. */
const CHEST = new RegExp(
  [
    ...['CHEST', 'T[HO]*RA[XCKZ]', 'TORA?KS', 'TORAS', '\\bTHX\\b', '\\bTX\\b', 'LUNG', 'PULM'],
    ...['POUMON', 'POITRINE', 'BRUST(?!WIRBEL)', 'PECHO', 'TORACE', 'KLATK', 'PLUC', 'GOGUS'],
    ...['AKCIGER', '\\bCAP\\b', '\\bCXR\\b', '\\bRIBCAGE\\b', 'KIFUA', '\\bMAPAFU\\b'],
    ...['ГРУД', 'КЛЕТК', 'ЛЕГК', 'ЛЁГК', 'ОГК', 'ТОРАК'],
    ...['胸(?!椎)', '肺', '흉부', '가슴', '폐', 'صدر', 'رئة', 'छाती', 'वक्ष'],
  ].join('|'),
);
/** What consoles write where nobody chose a body part. */
const UNSAID = ['', 'UNKNOWN', 'OTHER', 'DEFAULT', 'NONE', 'BODY', 'WHOLEBODY', 'ANY', 'NA', 'N/A'];
/** Parts that are no chest. A spine of the chest is one of them. */
const OTHER = new RegExp(
  [
    ...['SPINE', 'VERTEBR', '\\bRIBS?\\b', 'CLAVIC', 'SHOULDER', 'STERNUM', 'SCAPULA', 'HUMER'],
    ...['ELBOW', 'FOREARM', 'WRIST', '\\bHANDS?\\b', 'FINGER', 'THUMB', 'PELVI', '\\bHIPS?\\b'],
    ...[
      'FEMUR',
      'THIGH',
      'KNEE',
      'PATELLA',
      '\\bLEGS?\\b',
      'TIBIA',
      'ANKLE',
      '\\bFOOT\\b',
      '\\bFEET\\b',
    ],
    ...['CALCANEUS', '\\bTOES?\\b', 'EXTREMITY', 'ABDOM', 'SKULL', 'HEAD', 'NECK', 'SINUS', 'JAW'],
    ...['MANDIB', 'TEETH', 'TOOTH', 'BREAST', 'BRAIN', 'KUB', 'UPPERARM', 'LSPINE', 'CSPINE'],
    ...['RODILLA', 'MANO', '\\bPIE\\b', 'CADERA', 'COLUMNA', 'CRANEO', 'HOMBRO', 'CODO', 'TOBILLO'],
    ...[
      'GENOU',
      '\\bMAIN\\b',
      '\\bPIED\\b',
      'HANCHE',
      'BASSIN',
      'RACHIS',
      'CRANE',
      'EPAULE',
      'COUDE',
    ],
    ...[
      'CHEVILLE',
      'POIGNET',
      'JOELHO',
      '\\bPE\\b',
      'QUADRIL',
      'BACIA',
      'COLUNA',
      'OMBRO',
      'TORNOZELO',
    ],
    ...['KNIE', '\\bFUSS\\b', 'HUFTE', 'BECKEN', 'WIRBEL', 'SCHADEL', 'SCHULTER', 'ELLENBOGEN'],
    ...[
      'SPRUNGGELENK',
      'GINOCCHIO',
      'PIEDE',
      '\\bANCA\\b',
      'BACINO',
      'SPALLA',
      'GOMITO',
      'CAVIGLIA',
    ],
    ...[
      'KOLANO',
      'DLON',
      'STOPA',
      'BIODRO',
      'MIEDNICA',
      'KREGOSLUP',
      'CZASZKA',
      'BRZUCH',
      '\\bBARK\\b',
    ],
    ...['\\bDIZ\\b', '\\bEL\\b', 'AYAK', 'KALCA', 'OMURGA', 'KAFA', 'KARIN', 'OMUZ', 'DIRSEK'],
    ...[
      'КОЛЕН',
      'КИСТ',
      'СТОП',
      'ТАЗ',
      'ПОЗВОН',
      'ЧЕРЕП',
      'ЖИВОТ',
      'БРЮШ',
      'ПЛЕЧ',
      'ЛОКТ',
      'ГОЛОВ',
    ],
    ...['膝', '手', '足', '髋', '骨盆', '脊', '椎', '颅', '頭', '头', '腹', '肩', '肘', '腰', '踝'],
    ...[
      '무릎',
      '손',
      '발',
      '골반',
      '척추',
      '두개',
      '머리',
      '복부',
      '어깨',
      '팔꿈치',
      '요추',
      '경추',
    ],
    ...['ركبة', 'يد', 'قدم', 'حوض', 'عمود', 'جمجمة', 'بطن', 'كتف'],
    ...['GOTI', 'MKONO', 'MGUU', 'NYONGA', 'KICHWA', 'TUMBO'],
  ].join('|'),
);

const LATERAL = new RegExp(
  [
    ...['^(?:LL|RL|LLAT|RLAT|LATL|LATR)$', '\\bLAT\\b', 'LATER'],
    ...[
      'PERFIL',
      'PROFIL',
      'SEITLICH',
      '\\bSEITE?\\b',
      'BOCZN',
      '\\bBOK\\b',
      '\\bYAN\\b',
      'LATERO',
    ],
    ...[
      'БОКОВ',
      '\\bБОК\\b',
      'ПРОФИЛ',
      '側面',
      '侧位',
      '側位',
      '侧面',
      '측면',
      '옆',
      'جانب',
      'UBAVU',
    ],
  ].join('|'),
);
/** Lying on one side, the picture is still taken from the front. */
const DECUBITUS = /DECUB|^[LR]LD$|臥|卧|와위/;
const FRONTAL = new RegExp(
  [
    ...[
      '\\bP\\.?A\\b',
      '\\bA\\.?P\\b',
      'FRONT',
      'POSTERO',
      'ANTERO',
      'DORSO',
      'VENTRO',
      '\\bD\\.?V\\b',
    ],
    ...['\\bV\\.?D\\b', 'SUPINE', 'ERECT', 'UPRIGHT', 'PORTABLE', 'LORDOTIC', 'SEMI', 'PRONE'],
    ...[
      'SAGITTAL',
      '^[LR](?:LO|AO|PO)$',
      'OBLI',
      'ПРЯМ',
      'ФРОНТ',
      'ЗАДН',
      'ПЕРЕДН',
      '正',
      '后前',
      '後前',
    ],
    ...['前后', '전후', '후전', '정면', 'أمام', 'خلف', 'ON ARKA', 'ARKA ON', 'PRZOD', 'TYLNO'],
  ].join('|'),
);

/** Capitals without accents, underscores as blanks; the letters of other scripts stay. */
function plain(text: string): string {
  const split = text.toUpperCase().replaceAll('İ', 'I').normalize('NFD');
  return split
    .replace(/([A-Z])[\u0300-\u036f]+/g, '$1')
    .normalize('NFC')
    .replaceAll('Ł', 'L')
    .replaceAll('ß', 'SS')
    .replace(/[_\s]+/g, ' ')
    .trim();
}

/** What a word for a body part means. */
export function bodyPartOfWord(text: string): Named {
  const word = plain(text);
  if (UNSAID.includes(word)) return 'unsaid';
  if (/SPINE|VERTEB|WIRBEL|COLUMN|COLUNA|RACHIS|KREGOS|OMURGA|ПОЗВОН|椎|척추/.test(word))
    return 'other';
  if (CHEST.test(word)) return 'chest';
  return OTHER.test(word) ? 'other' : 'unknown';
}

/** What a word for a view means. */
export function viewOfWord(text: string): View {
  const word = plain(text);
  if (word === '') return 'unsaid';
  if (DECUBITUS.test(word)) return 'frontal';
  if (LATERAL.test(word)) return 'lateral';
  return FRONTAL.test(word) ? 'frontal' : 'unknown';
}

/** Code Value, or one of its longer forms, and the meaning that a person reads. */
function codesOf(item: Fields): { code: string; meaning: string } {
  const code = item.text(0x00080100) || item.text(0x00080119) || item.text(0x00080120);
  return { code: code.toUpperCase(), meaning: item.text(0x00080104) };
}

/** Anatomic Region Sequence (0008,2218) first, then Body Part Examined (0018,0015). */
export function bodyPartOf(fields: Fields): { part: Named; said: string } {
  const region = fields.items(0x00082218)[0];
  const word = fields.text(0x00180015);
  if (region) {
    const { code, meaning } = codesOf(region);
    const said = meaning || word || code;
    if (CHEST_CODES.includes(code)) return { part: 'chest', said };
    if (OTHER_CODES.includes(code)) return { part: 'other', said };
    const part = bodyPartOfWord(meaning);
    if (part === 'chest' || part === 'other') return { part, said };
  }
  return { part: bodyPartOfWord(word), said: word };
}

/**
 * View Code Sequence (0054,0220) first, then View Position (0018,5101), then Patient Orientation
 * (0020,0020): where rows run to the front or the back, the patient is seen from the side.
 */
export function viewOf(fields: Fields): { view: View; said: string } {
  const item = fields.items(0x00540220)[0];
  const word = fields.text(0x00185101);
  let unknown = '';
  if (item) {
    const { code, meaning } = codesOf(item);
    const said = meaning || word || code;
    if (LATERAL_CODES.includes(code) && !DECUBITUS.test(plain(meaning))) {
      return { view: 'lateral', said };
    }
    if (FRONTAL_CODES.includes(code)) return { view: 'frontal', said };
    const view = viewOfWord(meaning);
    if (view === 'frontal' || view === 'lateral') return { view, said };
    unknown = said;
  }
  const named = viewOfWord(word);
  if (named === 'frontal' || named === 'lateral') return { view: named, said: word };
  const [row = '', column = ''] = fields.texts(0x00200020).map((letters) => letters.toUpperCase());
  if (/^[AP]/.test(row) && /^[HF]/.test(column)) {
    return { view: 'lateral', said: `${row}\\${column}` };
  }
  if (/^[LR]/.test(row) && /^[HF]/.test(column)) return { view: 'frontal', said: word };
  const said = word || unknown;
  return { view: said === '' ? 'unsaid' : 'unknown', said };
}
