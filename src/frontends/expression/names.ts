// Which words mean something of their own: constants, literals, units. All look-ups are in Maps and Sets, so that `constructor`
// and `__proto__` are names like any other.

import { OPERATOR_WORDS } from "./lexer.ts";

/** mathjs' constants. A declaration, parameter or assignment of the same name hides them. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["PI", Math.PI],
  ["e", Math.E],
  ["E", Math.E],
  ["tau", 2 * Math.PI],
  ["phi", 1.618033988749895],
  ["LN2", Math.LN2],
  ["LN10", Math.LN10],
  ["LOG2E", Math.LOG2E],
  ["LOG10E", Math.LOG10E],
  ["SQRT1_2", Math.SQRT1_2],
  ["SQRT2", Math.SQRT2],
  ["true", 1],
  ["false", 0],
]);

/** Words that can never be a name: mathjs reads them as operators or values. */
export const RESERVED: ReadonlySet<string> = new Set(
  "true false null undefined NaN Infinity".split(" ").concat([...OPERATOR_WORDS]),
);

/** Greek letters that are easily taken for constants, which mathjs only knows spelled out. */
export const LOOK_LIKE_CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["π", "pi"],
  ["τ", "tau"],
  ["φ", "phi"],
  ["ϕ", "phi"],
]);

/** Multi-letter units of mathjs that people write after a number; single letters are far more often inputs. */
export const UNITS: ReadonlySet<string> = new Set(
  (
    "nm um mm cm dm km inch inches foot feet ft yard yards yd mile miles mi angstrom meter meters " +
    "mg kg gram grams ton tons tonne tonnes ounce ounces oz lb lbs lbm stone grain " +
    "ns us ms sec secs second seconds minute minutes mins hour hours hr hrs day days week weeks month months year years " +
    "decade decades century centuries hertz Hz kHz MHz GHz rad radian radians deg degree degrees grad arcsec arcmin " +
    "mA ampere amperes kelvin degC degF degR celsius fahrenheit mole moles mol candela cd newton kN dyn lbf kip " +
    "joule joules kJ MJ erg kWh Wh BTU eV keV MeV watt watts kW MW hp Pa hPa kPa MPa psi atm bar mbar torr mmHg " +
    "coulomb volt volts mV kV ohm ohms farad henry siemens weber tesla bits bytes byte kB MB GB TB " +
    "litre litres liter liters ml cl dl gallon gallons quart pint cup teaspoon tablespoon acre acres hectare hectares " +
    "sqin sqft m2 m3 cuft in"
  ).split(" "),
);
