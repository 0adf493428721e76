import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/config/csv-inventory.ts';

const HEAD = 'mac,name,ext,pin\n';

/** `LINE:COLUMN` and the text of all that is wrong, and the names of what is right. */
function read(text: string, env: Readonly<Record<string, string>> = {}) {
  const { rows, faults } = readCsv(text, env);
  const ofTable = faults.map(({ message, position, isFatal }) => `${position.line}:${position.column}${isFatal ? '!' : ''} ${message}`);
  const ofRows = rows.flatMap(({ findings, locate }) =>
    findings.map(({ path, message }) => {
      const { line, column } = locate(path[0] === undefined ? undefined : String(path[0]));
      return `${line}:${column} ${message}`;
    }),
  );
  return { said: [...ofTable, ...ofRows], good: rows.filter(({ findings }) => findings.length === 0).map(({ value }) => value['name']) };
}

describe('A table', () => {
  it.each<[what: string, text: string, value: unknown]>([
    ['as it should be', 'mac,name,ext\n1,a,101\n', { mac: '1', name: 'a', vars: { ext: '101' } }],
    ['of a spreadsheet', '\uFEFFMAC;Name;ext\r\n1;a;"x;y"\r\n', { mac: '1', name: 'a', vars: { ext: 'x;y' } }],
    ['with tabs', 'mac\tname\n1\ta, b\n', { mac: '1', name: 'a, b', vars: {} }],
    ['with quotes and line ends in them', 'serial,t\n9,"a ""b""\nc"\n', { serial: '9', vars: { t: 'a "b"\nc' } }],
    ['with remarks and empty lines', '# phones\n\nmac,color\n\n# one\n1,#ff0\n', { mac: '1', vars: { color: '#ff0' } }],
    ['with spaces', 'mac , name\n 1 , a \n', { mac: '1', name: 'a', vars: {} }],
    ['with values that are left out', 'mac,name,a,b\n1,,x\n', { mac: '1', vars: { a: 'x' } }],
    ['with true and false', 'mac,a,b\n1,true,false\n', { mac: '1', vars: { a: true, b: false } }],
    ['with digits that are no number', 'mac,ext\n1,0042\n', { mac: '1', vars: { ext: '0042' } }],
    ['with a column without a name', 'mac,,b\n1,x,y\n', { mac: '1', vars: { b: 'y' } }],
  ])('%s', (_what, text, value) => {
    const { rows, faults } = readCsv(text, {});
    expect(faults).toEqual([]);
    expect(rows.map((row) => row.value)).toEqual([value]);
  });

  it('takes variables from the environment, and notes which', () => {
    const [row] = readCsv(`${HEAD}1,a,$\${EXT},\${PIN}x\n`, { PIN: '42' }).rows;
    expect(row?.value).toEqual({ mac: '1', name: 'a', vars: { ext: '${EXT}', pin: '42x' } });
    expect([...(row?.filled ?? [])]).toEqual(['pin']);
  });

  it('says in which line of the file a device stands', () => {
    const { rows } = readCsv('mac,t\n1,"a\nb"\n\n2,c\n', {});
    expect(rows.map(({ line }) => line)).toEqual([2, 5]);
  });
});

describe('What is wrong has its place, and the rest is kept', () => {
  it.each<[what: string, text: string, said: readonly string[], good: readonly string[]]>([
    ['no column to know a device by', 'name,ext\na,1\n', ['1:1! there is no column mac or serial'], []],
    ['a column twice', 'mac,name,name\n1,a,b\n', ['1:10! the column name is there twice'], []],
    [
      'a column that is nearly one',
      'mac,adress,name\n1,x,a\n',
      ['1:5 the column adress is taken for a variable; did you mean address?'],
      ['a'],
    ],
    ['too many values', `${HEAD}1,a,1,2,3\n2,b,1,2\n`, ['2:1 there are more values than columns: 5 and 4'], ['b']],
    ['a quote without its partner', `${HEAD}1,a,"1,2\n2,b,1,2\n3,c,1,2\n`, ['2:5 a quote has no partner'], ['b', 'c']],
    ['something behind a quote', `${HEAD}1,a,"x"y,2\n2,b,1,2\n`, ['2:5 something follows behind a closing quote'], ['b']],
    ['a quote within', `${HEAD}1,a,19" rack,2\n2,b,1,2\n`, ['2:7 a quote stands within a value'], ['b']],
    ['a variable that is not set', `${HEAD}1,a,\${NO},2\n2,b,1,2\n`, ['2:5 the environment variable NO is not set'], ['b']],
  ])('%s', (_what, text, said, good) => expect(read(text)).toEqual({ said, good }));

  it('shows no secret with its line', () => {
    const { rows } = readCsv(`${HEAD}1,"a,b",2,hunter2\n`, {});
    expect(rows[0]?.locate('ext')).toEqual({ line: 2, column: 9, length: 1, text: '1,"a,b",2,*******' });
    const { faults } = readCsv(`${HEAD}1,a,"2,hunter2\n`, {});
    expect(faults[0]?.position.text).not.toContain('hunter2');
  });
});
