/** Names in archives of the whole world, and that no entry is lost for its name. */
import { describe, expect, it } from 'vitest';
import { encodeText } from '../fixtures/encode-text.ts';
import { lines, openArchive } from './support/found.ts';
import { unicodePath, writeZip } from './support/zip-writer.ts';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

type Name = string | Uint8Array;

/** What is found in an archive of these names; the flags say nothing of UTF-8. */
async function found(
  names: readonly Name[],
  more: { readonly extra?: (name: Name) => Uint8Array; readonly flags?: number } = {},
): Promise<string[]> {
  const zip = writeZip(
    names.map((name) => ({
      name,
      content: PNG,
      flags: more.flags ?? 0,
      ...(more.extra && { extra: more.extra(name) }),
    })),
  );
  return lines(await openArchive(zip))
    .map((line) => line.replace('picture: a.zip/', ''))
    .sort();
}

/** Each computer's archive holds names as people there write them; some are one short name alone. */
const SPOKEN: readonly (readonly [encoding: string, ...names: string[]])[] = [
  ['shift_jis', '新しいフォルダ/胸部ソ正面.dcm'],
  ['shift_jis', '胸部写真一覧表', '胸部正面'],
  ['shift_jis', '患者データ/田中太郎_胸部.png', '表示ソフト/説明.png'],
  ['shift_jis', 'レントゲン/山田.dcm'],
  ['gb18030', '胸部/张三.dcm'],
  ['gb18030', '胸部正位.dcm'],
  ['gb18030', '新建文件夹/李四 胸片.dcm', '新建文件夹/王小明.png'],
  ['gb18030', '放射科检查/患者影像/陈建国.dcm'],
  ['big5', '胸部/張三.dcm'],
  ['big5', '新增資料夾/陳大明_胸部正面.dcm'],
  ['big5', '胸腔X光/林美麗.png', '功能檢查/許先生.png'],
  ['euc-kr', '흉부/홍길동.dcm'],
  ['euc-kr', '새 폴더/김철수 정면.png'],
  ['euc-kr', '흉부촬영.dcm'],
  ['windows-1256', 'صدر/محمد.dcm'],
  ['windows-1256', 'صورة الصدر/أحمد علي.png'],
  ['ibm866', 'Грудная клетка/Иванов.dcm'],
  ['ibm866', 'Новая папка/снимок.png'],
  ['windows-1251', 'Грудная клетка/Петрова.png'],
  ['windows-1252', 'Tórax/José.dcm', 'Poitrine/Hélène.dcm'],
];

describe('names in an archive', () => {
  it.each(SPOKEN)('written in %s: %s', async (encoding, ...names) => {
    expect(await found(names.map((name) => encodeText(encoding, name)))).toEqual([...names].sort());
  });

  it('in the code pages of MS-DOS', async () => {
    // “Tórax/José é.dcm”, and “São/Mãe” of code page 850.
    const western = Uint8Array.of(...ascii('T'), 0xa2, ...ascii('rax/Jos'), 0x82, ...ascii('.dcm'));
    expect(await found([western])).toEqual(['Tórax/José.dcm']);
    const portuguese = Uint8Array.of(...ascii('S'), 0xc6, ...ascii('o.dcm'));
    expect(await found([portuguese])).toEqual(['São.dcm']);
  });

  it('in UTF-8, said or not, also cut inside a character', async () => {
    const names = ['胸部/张三.dcm', 'Tórax/ñ.dcm', 'صدر.dcm'];
    expect(await found(names)).toEqual([...names].sort());
    expect(await found(names, { flags: 0x800 })).toEqual([...names].sort());
    const cut = new TextEncoder().encode('胸部').subarray(0, 5);
    expect(await found([cut], { flags: 0x800 })).toEqual(['胸\ufffd']);
  });

  it('said to be UTF-8 and written in something else', async () => {
    const name = '新しいフォルダ/胸部ソ正面.dcm';
    expect(await found([encodeText('shift_jis', name)], { flags: 0x800 })).toEqual([name]);
  });

  it('in the field for UTF-8 names, unless the name was changed since', async () => {
    const plain = Uint8Array.from(ascii('??/??.dcm'));
    const extra = () => unicodePath(plain, '胸部/正面.dcm');
    expect(await found([plain], { extra })).toEqual(['胸部/正面.dcm']);
    expect(await found(['renamed.dcm'], { extra })).toEqual(['renamed.dcm']);
  });

  it('lose their root, whoever wrote it', async () => {
    const names = [
      '/a.png',
      'C:/b.png',
      'c:\\x\\c.png',
      '\\\\server\\share\\d.png',
      './e.png',
      '//f.png',
    ];
    expect(await found([...names, 'D:g.png'])).toEqual(
      ['a.png', 'b.png', 'x/c.png', 'server/share/d.png', 'e.png', 'f.png', 'g.png'].sort(),
    );
  });
});

describe('no entry is lost', () => {
  it('for its name: empty, twice the same, with a dot in front, or like a folder’s', async () => {
    expect(
      await found(['', '/', 'a.png', 'a.png', '.hidden/b.png', '._c.png', 'folder/', 'x\0y.png']),
    ).toEqual(['.hidden/b.png', '._c.png', '1', '2', 'a.png', 'a.png', 'folder', 'xy.png'].sort());
  });

  it('because the end counts in sixteen bits', async () => {
    const files = ['a.png', 'b.png', 'c.png'].map((name) => ({ name, content: PNG }));
    expect(lines(await openArchive(writeZip(files, { entries: 1 })))).toHaveLength(3);
  });
});

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}
