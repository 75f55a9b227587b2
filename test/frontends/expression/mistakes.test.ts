// Every diagnostic of the expression front end, with what exactly it points at.

import { describe, expect, test } from "vitest";
import { catalog } from "../../../src/diagnostics/catalog.ts";
import { complaints, read } from "./source.ts";

/** Source, then each `code place` in the order reported. */
const CASES: readonly (readonly [string, ...string[]])[] = [
  ["x +", "WG1001 +"],
  ["x ** 2", "WG1001 *"],
  ["!x", "WG1001 !"],
  ["2 3", "WG1001 3"],
  ["(x, y)", "WG1001 ,"],
  ["x ? y", "WG1001 y"],
  ["x ? : y", "WG1001 :"],
  ["2e+x", "WG1001 2e+"],
  ["max(x, )", "WG1001 )"],
  ["()", "WG1001 )"],
  ["f(x) =", "WG1001 ="],
  ["max(x; y)", "WG1001 ;"],
  ["0b12 x", "WG1001 0b12"],
  ["0xFFi8", "WG1001 0xFFi8"],
  ["", "WG1002 "],
  ["\n # only a comment\r\n;;", "WG1002 "],
  ["param x", "WG1002 "],
  ["x × y", "WG1003 ×"],
  ["a·b", "WG1003 ·"],
  ["x² + ¬y", "WG1003 ²", "WG1003 ¬"],
  ["x \u0001 y", "WG1003 \u0001"],
  ["x \u{1F600}", "WG1003 \u{1F600}"],
  ["ab\u200Bc + d", "WG1004 \u200B"],
  ["\u202Ex", "WG1004 \u202E"],
  ["\u3164 * 2", "WG1004 \u3164"],
  ["a\uFE0F", "WG1004 \uFE0F"],
  ["x\0", "WG1005 \0"],
  ["f(x, (y + 1) = 2", "WG1006 ("],
  ["x + y) * 2\nz]", "WG1007 )", "WG1007 ]"],
  ["(x + [y)]", "WG1007 )", "WG1007 ]"],
  ["-".repeat(1200) + "x", "WG1008 -"],
  [Array(1200).fill("x").join("^"), "WG1008 ^"],
  ["x ? 1 : ".repeat(1200) + "0", "WG1008 ?"],
  ["a = b = 3", "WG1009 ="],
  ["max(a = 3, b)", "WG1009 ="],
  ["x + 1 = 3", "WG1010 x + 1"],
  ["f(x + 1) = 3", "WG1010 f(x + 1)"],
  ["f(x)(y) = 3", "WG1010 f(x)(y)"],
  ["x % (y +) z", "WG1001 )"],
  ["x % y ^", "WG1001 ^"],
  ["x%-", "WG1001 -"],
  ["2 = x", "WG1010 2"],
  ["= x", "WG1010 ="],
  ["param x in 3\nx", "WG1011 3"],
  ["param x in [1]\nx", "WG1011 [1]"],
  ["param x in\n", "WG1011 in", "WG1002 "],
  ["param x + 1\nx", "WG1011 +"],
  ["param x,\n  y\nx + y +", "WG1001 +"],
  ["param x = 3\nx", "WG1011 x"],
  ["param x, , y\nx + y", "WG1011 x, , y"],
  ["x = 3\nparam y\nx + y", "WG1012 param y"],
  ["x * y\n+ z", "WG1013 x * y"],
  ["x\ny", "WG1013 x"],
  ["param x in [2, 1]\nx", "WG1014 2, 1"],
  ["param x in [1, 1]\nx", "WG1014 1, 1"],
  ["sigmod(x) + foo(y)", "WG1101 sigmod", "WG1101 foo"],
  ["select(x, y, z) + recip(x)", "WG1101 select", "WG1101 recip"],
  ["constructor(x) + __proto__(y)", "WG1101 constructor", "WG1101 __proto__"],
  ["zeta(x) + gcd(x, 2) + besselj(1, x) + random()", "WG1102 zeta", "WG1102 gcd", "WG1102 besselj", "WG1102 random"],
  ["sin(x, y) + atan2(x) + max()", "WG1103 sin", "WG1103 atan2", "WG1103 max"],
  ["g(x) = x\nh(x) = g(x, x)", "WG1103 g"],
  ["f(x) = x * k + other", "WG1104 k", "WG1104 other"],
  ["pi(3) + 1", "WG1105 pi"],
  ["f(x) = x(3)", "WG1105 x"],
  ["q = 2y; q(3)", "WG1105 q"],
  ["x + x (3)", "WG1105 x"],
  ["x[1](2)", "WG1203 x[1]"],
  ["sin x", "WG1106 sin"],
  ["g(x) = x\ng + 1", "WG1106 g"],
  ["f(x) = f", "WG1106 f"],
  ["10% and x", "WG1106 and"],
  ["q = x; q = y; q", "WG1107 q"],
  ["f(x) = x\nf(y) = y", "WG1107 f"],
  ["param x\nx = 3\nx", "WG1107 x"],
  ["param x\nparam x\nx", "WG1107 x"],
  ["q = 2\nf(q) = q", "WG1107 q"],
  ["f(f) = f", "WG1107 f"],
  ["g(x) = x\nh(g) = g", "WG1107 g"],
  ["const a = 2\nf(a) = a", "WG1107 a"],
  ["param f\nf(x) = x", "WG1107 f"],
  ["f(x, y, x) = y", "WG1108 x"],
  ["f(x) = x <= 0 ? 1 : x * f(x - 1)", "WG1109 f"],
  ["g(x) = h(x)\nh(x) = x", "WG1110 h"],
  ["x = x + 1", "WG1111 x"],
  ["p = 2q; q = x; p * q", "WG1111 q"],
  ["q = x + y\nf(x, z) = q * z", "WG1112 q"],
  ["p = a * b; q = p + c\nf(x) = q * x", "WG1112 q", "WG1112 q", "WG1112 q"],
  ["param k\nf(x) = k * x", "WG1112 k"],
  ["mod = 3", "WG1113 mod"],
  ["f(true, x) = x", "WG1113 true"],
  ["param NaN\nx", "WG1113 NaN"],
  ["q = x + y; p = 2; f = p * x", "WG1115 q"],
  ["g(t) = t\nx + 1", "WG1116 g"],
  ["param x, y\nconst a = 2\nx^2", "WG1117 y", "WG1117 a"],
  ["π * r^2", "WG1119 π"],
  ["2 + 3", "WG1120 2 + 3"],
  ["[x, [y]]", "WG1201 [y]"],
  ["[]", "WG1201 []"],
  ["[1, 2; 3, 4]", "WG1120 [1, 2; 3, 4]"],
  ["[x; 1, 2]", "WG1001 ]"],
  ["det(x)", "WG1201 det"],
  ["1:3", "WG1202 1:3"],
  ["x + (1:2:10) + (:3)", "WG1202 1:2:10", "WG1202 :3"],
  ["x[2] + sin(y)[1, :]", "WG1203 x[2]", "WG1203 sin(y)[1, :]"],
  ["{a: 1}", "WG1204 {"],
  ['x + "text"', 'WG1205 "text"'],
  ["x + 'a text'", "WG1205 '"],
  ["2i + x", "WG1206 i"],
  ["complex(1, x) + re(x)", "WG1206 complex", "WG1206 re"],
  ["5 cm + x", "WG1207 5 cm"],
  ["9.81 m2 x", "WG1207 9.81 m2"],
  ["x to cm", "WG1207 to"],
  ["x in cm", "WG1207 in"],
  ["2 in", "WG1207 2 in"],
  ["unit(5, x)", "WG1207 unit"],
  ["bignumber(x) + fraction(1, x)", "WG1208 bignumber", "WG1208 fraction"],
  ["1e999 + x", "WG1209 1e999"],
  ["Infinity * NaN", "WG1210 Infinity", "WG1210 NaN"],
  ["null + undefined", "WG1211 null", "WG1211 undefined"],
  ["x & y", "WG1212 &"],
  ["x && y || z", "WG1212 &", "WG1212 |"],
  ["~x + (x << 2) + (x >>> 3) ^| 2", "WG1212 ~", "WG1212 <<", "WG1212 >>>", "WG1212 ^|"],
  ["bitAnd(x, y)", "WG1212 bitAnd"],
  ["x.y + x?.z", "WG1213 .", "WG1213 ?."],
  ["x' + y", "WG1214 '"],
  ["x' + (y ?? z)", "WG1214 ??"],
  ["const a = x\na * y", "WG1215 x"],
  ["const a = 1/0\na * y", "WG1218 1/0", "WG1215 1/0"],
  ["round(x, y)", "WG1215 y"],
  ["floor(x) + ceil(2) + sign(x * y)", "WG1216 floor(x)", "WG1216 sign(x * y)"],
  ["const c\nfloor(c) * x", ""],
  ["g(x) = [x, 2]\nh(x) = g(x) + 1", "WG1217 g(x)"],
  ["1/0 * x + sqrt(-1)", "WG1218 1/0", "WG1218 sqrt(-1)"],
  // several at once, and none that follow from others
  ["a = foo(x)\nb = a + 2 cm\nc = (a + b\n", "WG1006 (", "WG1101 foo", "WG1207 2 cm"],
  ["f(x) = bar(x)\ng(x) = f(x) + f(x, 2)", "WG1101 bar", "WG1103 f"],
  ["x = 3 +\r\n\r\n", "WG1001 +"],
];

describe("a mistake is reported where it stands", () => {
  test.each(CASES)("%s", (text, ...wanted) => {
    expect(complaints(text)).toEqual(wanted.filter((complaint) => complaint !== ""));
  });
});

test("calls that grow without bound are reported once", () => {
  const lines = ["f0(x) = x"];
  for (let index = 1; index < 40; index++) lines.push(`f${index}(x) = f${index - 1}(2x) * f${index - 1}(3x)`);
  expect(complaints(lines.join("\n")).map((complaint) => complaint.slice(0, 6))).toEqual(["WG1118"]);
});

test("each diagnostic of the front end has its case", () => {
  const seen = new Set(CASES.flatMap(([, ...wanted]) => wanted.map((complaint) => complaint.slice(0, 6))));
  seen.add("WG1118"); // above
  const codes = Object.keys(catalog).filter((code) => /^WG1(?:0[01]|1|2[01])/.test(code)); // those of shapes are in tensors.test.ts
  expect(codes.filter((code) => !seen.has(code))).toEqual([]);
});

test.each([
  ["sigmod(x)", "did you mean 'sigmoid'?"],
  ["Sin(x)", "did you mean 'sin'?"],
  ["arctan(x)", "did you mean 'atan'?"],
  ["squre(x)", "did you mean 'square'?"],
  ["logit(x) = x\nlogti(y)", "did you mean 'logit'?"],
  ["f(speed) = sped^2", "did you mean 'speed'?"],
  ["f(x) = k", "add 'k' to the parameters of 'f'"],
  ["x ** 2", "write '^' for a power"],
  ["x && y", "write 'and' for a logical and"],
  ["x − y", "write '-'"],
  ["if(x, 1, 2)", "write 'condition ? value : other'"],
  ["x * y\n+ z", "to go on in the next line, end this one with the operator"],
  ["q(3)", "write 'q * (...)' to multiply"],
])("%s: %s", (text, suggestion) =>
  expect(read(text).diagnostics.map((diagnostic) => diagnostic.suggestion)).toContain(suggestion),
);

test("after an error there are no functions", () => {
  expect(read("f(x) = x\ng(x) = foo(x)").functions).toEqual([]);
});
