// The error function and the gamma family, which generated files carry along as copied text. Must not
// know anything outside this file: what a function uses is a top-level function or const of its own,
// found by its plain name. Accuracy is in ulp (units in the last place), measured on Node 20 against
// mpmath at random points.

/**
 * Error function, 2/√π ∫₀ˣ exp(−t²) dt, for every real x: odd, ±1 at ±Infinity, NaN at NaN. Within
 * 4 ulp. For |x| ≤ 0.46875 a rational function of x² (W. J. Cody, "Rational Chebyshev
 * approximations for the error function", Math. Comp. 23, 1969), beyond that 1 − erfc(x).
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return erfNearZero(x);
  const value = 0.5 - erfcPositive(size) + 0.5;
  return x < 0 ? -value : value;
}

/**
 * Complementary error function, 1 − erf(x), for every real x, without the cancellation: relative
 * accuracy in the tail, 0 from 27.3 on, where it falls below the smallest number. Within 5 ulp.
 */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - erfNearZero(x);
  return x < 0 ? 2 - erfcPositive(-x) : erfcPositive(x);
}

/** erf for |x| ≤ 0.46875 (Cody 1969). */
function erfNearZero(x: number): number {
  const s = x * x;
  let top =
    ((0.18577770618460315 * s + 3.1611237438705655) * s + 113.86415415105016) * s +
    377.485237685302;
  top = top * s + 3209.3775891384694;
  let bottom = ((s + 23.601290952344122) * s + 244.02463793444417) * s + 1282.6165260773723;
  bottom = bottom * s + 2844.2368334391706;
  return x * (top / bottom);
}

/** erfc for x ≥ 0.46875. */
function erfcPositive(x: number): number {
  if (x > 27.3) return 0; // below half of the smallest number
  const square = x * x;
  // exp would magnify the rounding error of the square, so it is put back; `coarse` squares exactly.
  const coarse = Math.fround(x);
  const lost = coarse * coarse - square + (x - coarse) * (x + coarse);
  const scaled = (1 - lost) * (x < 1 ? erfcScaledMiddle(x) : erfcScaledTail(x));
  if (x < 26) return Math.exp(-square) * scaled;
  const half = Math.exp(-0.5 * square); // the whole would lose digits below 2^−1022
  return half * scaled * half;
}

/** exp(x²) erfc(x) for 0.46875 ≤ x ≤ 1 (Cody 1969, who goes on to 4). */
function erfcScaledMiddle(x: number): number {
  let top =
    ((2.1531153547440383e-8 * x + 0.5641884969886701) * x + 8.883149794388377) * x +
    66.11919063714163;
  top = ((top * x + 298.6351381974001) * x + 881.952221241769) * x + 1712.0476126340707;
  top = (top * x + 2051.0783778260716) * x + 1230.3393547979972;
  let bottom = ((x + 15.744926110709835) * x + 117.6939508913125) * x + 537.1811018620099;
  bottom = ((bottom * x + 1621.3895745666903) * x + 3290.7992357334597) * x + 4362.619090143247;
  bottom = (bottom * x + 3439.3676741437216) * x + 1230.3393548037495;
  return top / bottom;
}

/**
 * exp(x²) erfc(x) for x ≥ 1, as (1/√π − s R(s)) / x with s = 1/x² (Cody 1969), where an error of R
 * counts little. His R serves from 4 on; this one was fitted for wengert, by rational
 * interpolation in Chebyshev nodes.
 */
function erfcScaledTail(x: number): number {
  const s = 1 / (x * x);
  let top =
    ((0.03021682092452262 * s + 30.305889266523142) * s + 661.2536860393548) * s +
    4338.866041887226;
  top = ((top * s + 12149.454685512279) * s + 16904.003095463388) * s + 12655.12356300685;
  top = ((top * s + 5306.929214882544) * s + 1258.883126333833) * s + 164.75871899321487;
  top = (top * s + 10.918302885531347) * s + 0.28209479177385777;
  let bottom =
    ((63.10838881837626 * s + 1772.1839808240993) * s + 15107.345410111806) * s + 56197.82577116548;
  bottom = ((bottom * s + 106674.01268465133) * s + 112297.7738239615) * s + 68609.03777156098;
  bottom = ((bottom * s + 24807.75238276532) * s + 5285.899602361741) * s + 640.6110159013494;
  bottom = (bottom * s + 40.20437598954553) * s + 1;
  return (0.5641895835477563 - (s * top) / bottom) / x; // 0.56... = 1/√π
}

/**
 * Gamma function. The correctly rounded factorial at whole numbers; elsewhere within 4 ulp for x >
 * −8 and 5 ulp below. Infinity above 171.62, ±Infinity at ±0, NaN at the negative whole numbers
 * and −Infinity, ±0 below −184. For |x| < 8 recurrence to [1, 2] and a rational function there (W.
 * J. Cody, "An overview of software development for special functions", 1976), beyond that
 * Stirling's series and the reflection formula (Abramowitz and Stegun 1964, 6.1.17).
 */
export function gamma(x: number): number {
  if (Number.isInteger(x)) return gammaOfInteger(x);
  if (x > -8 && x < 8) return gammaByRecurrence(x);
  return x > 0 ? gammaHigh(x) : gammaByReflection(x);
}

function gammaOfInteger(x: number): number {
  if (x > 171) return Infinity;
  if (x < 0) return NaN;
  return x === 0 ? 1 / x : factorial(x - 1);
}

/**
 * n! for whole n from 0 to 170, rounded once: the product carries its rounding error along (Dekker
 * 1971).
 */
function factorial(n: number): number {
  let product = 2 ** -60; // room for the splitting below not to overflow
  let error = 0;
  for (let k = 2; k <= n; k++) {
    const next = product * k;
    const split = product * 134217729; // 2^27 + 1
    const head = split - (split - product);
    error = error * k + (head * k - next + (product - head) * k);
    product = next;
  }
  return (product + error) * 2 ** 60;
}

/** Γ(x) = √(2π) x^(x − ½) exp(−x + stirlingTail(x)) for x ≥ 8; x − ½ is exact. */
function gammaHigh(x: number): number {
  if (x > 171.7) return Infinity;
  const rest = Math.exp(-x) * stirlingFactor(x);
  if (x < 143) return Math.pow(x, x - 0.5) * rest;
  const half = Math.pow(x, 0.5 * x - 0.25); // the whole power would overflow before the result does
  return half * rest * half;
}

/** x ≤ −8: −π / (x sin(πx) Γ(−x)). Not Γ(1 − x): adding would round, and Γ is steep. */
function gammaByReflection(x: number): number {
  const sine = sinPi(x);
  if (x > -170) return -Math.PI / (x * sine) / gammaHigh(-x);
  if (x < -190) return 0 * sine;
  const half = Math.pow(-x, -0.5 * x - 0.25); // as in gammaHigh, whose result would overflow here
  return -Math.PI / (x * sine * half * Math.exp(x) * stirlingFactor(-x)) / half;
}

/**
 * √(2π) exp(stirlingTail(x)), rounded nearly once: the second constant is what the first leaves of
 * √(2π).
 */
function stirlingFactor(x: number): number {
  return (
    2.5066282746310007 + (2.5066282746310007 * Math.expm1(stirlingTail(x)) - 1.8328579980459167e-16)
  );
}

/** |x| < 8, by Γ(x + 1) = x Γ(x). */
function gammaByRecurrence(x: number): number {
  let above = 1;
  let z = x;
  while (z >= 2) {
    z -= 1;
    above *= z;
  }
  if (z >= 1) return above * gammaOnePlus(z - 1);
  let below = z;
  while (z < 0) {
    z += 1;
    below *= z;
  }
  return gammaOnePlus(z) / below;
}

/** Γ(1 + z) for 0 ≤ z ≤ 1 (Cody 1976). */
function gammaOnePlus(z: number): number {
  let top =
    ((-1.716185138865495 * z + 24.76565080557592) * z - 379.80425647094563) * z + 629.3311553128184;
  top = ((top * z + 866.9662027904133) * z - 31451.272968848367) * z - 36144.413418691176;
  top = top * z + 66456.14382024054;
  let bottom = ((z - 30.840230011973897) * z + 315.35062697960416) * z - 1015.1563674902192;
  bottom = ((bottom * z - 3107.771671572311) * z + 22538.11842098015) * z + 4755.846277527881;
  bottom = (bottom * z - 134659.9598649693) * z - 115132.25967555349;
  return 1 + (z * top) / bottom;
}

/** ln Γ(x) − (x − ½) ln x + x − ½ ln 2π for x ≥ 8 (Abramowitz and Stegun 1964, 6.1.41). */
function stirlingTail(x: number): number {
  const s = 1 / (x * x);
  let sum = ((43867 / 244188) * s - 3617 / 122400) * s + 1 / 156;
  sum = ((sum * s - 691 / 360360) * s + 1 / 1188) * s - 1 / 1680;
  sum = ((sum * s + 1 / 1260) * s - 1 / 360) * s + 1 / 12;
  return sum / x;
}

/**
 * ln |Γ(x)|. Within 5 ulp for x > 0, next to the roots 1 and 2 too. For x < 0 the error is below 3
 * ulp of the larger of 1 and the result, so that few digits are right next to the roots there.
 * Infinity at 0, −1, −2, ... and at ±Infinity. Rational functions around 1 and 2 (W. J. Cody and
 * K. E. Hillstrom, "Chebyshev approximations for the natural logarithm of the gamma function",
 * Math. Comp. 21, 1967), recurrence up to 8, Stirling's series beyond.
 */
export function lgamma(x: number): number {
  if (x >= 8) return lgammaHigh(x);
  if (x > 4) return lgammaMiddle(x);
  if (x > 1.5) return lgammaNearTwo(x - 2);
  if (x > 0.68) return lgammaNearOne(x - 1);
  if (x > -20) return lgammaLow(x);
  return lgammaByReflection(x);
}

/** x ≥ 8. The constant is ½ ln 2π − ½. */
function lgammaHigh(x: number): number {
  const main = Math.log(x) - 1;
  return x < 1e17 ? (x - 0.5) * main + (0.4189385332046727 + stirlingTail(x)) : x * main;
}

/** 4 < x < 8: Γ(x) = (x − 1)(x − 2)...(y) Γ(y) */
function lgammaMiddle(x: number): number {
  let product = 1;
  let y = x;
  while (y > 4) {
    y -= 1;
    product *= y;
  }
  return Math.log(product) + lgammaNearTwo(y - 2);
}

/** −20 < x ≤ 0.68: Γ(x) = Γ(z + 1) / x(x + 1)...(z), where adding loses no digits. */
function lgammaLow(x: number): number {
  let z = x;
  let product = x;
  while (z < -0.32) {
    z += 1;
    product *= z;
  }
  return (z > 0.5 ? lgammaNearTwo(z - 1) : lgammaNearOne(z)) - Math.log(Math.abs(product));
}

/** x ≤ −20, or NaN: |Γ(x)| = π / |x sin(πx) Γ(−x)| */
function lgammaByReflection(x: number): number {
  if (Number.isInteger(x) || x === -Infinity) return Infinity;
  return Math.log(Math.PI / Math.abs(x * sinPi(x))) - lgammaHigh(-x);
}

/** ln Γ(1 + z) for −0.32 ≤ z ≤ ½ (Cody and Hillstrom 1967). */
function lgammaNearOne(z: number): number {
  let top =
    ((4.945235359296727 * z + 201.8112620856775) * z + 2290.8383738313464) * z + 11319.672059033808;
  top = ((top * z + 28557.246356716354) * z + 38484.962284437934) * z + 26377.487876241954;
  top = top * z + 7225.813979700288;
  let bottom = ((z + 67.48212550303777) * z + 1113.3323938571993) * z + 7738.757056935399;
  bottom = ((bottom * z + 27639.870744033407) * z + 54993.102062261576) * z + 61611.22180066002;
  bottom = (bottom * z + 36351.2759150194) * z + 8785.536302431014;
  return z * (-0.5772156649015329 + z * (top / bottom));
}

/** ln Γ(2 + z) for −½ ≤ z ≤ 2 (Cody and Hillstrom 1967). */
function lgammaNearTwo(z: number): number {
  let top =
    ((4.974607845568932 * z + 542.4138599891071) * z + 15506.93864978365) * z + 184793.29044456323;
  top = ((top * z + 1088204.7694688288) * z + 3338152.96798703) * z + 5106661.678927353;
  top = top * z + 3074109.0548505397;
  let bottom = ((z + 183.03283993705926) * z + 7765.049321445006) * z + 133190.38279660742;
  bottom = ((bottom * z + 1136705.8213219696) * z + 5267964.117437947) * z + 13467014.543111017;
  bottom = (bottom * z + 17827365.303532742) * z + 9533095.591844354;
  return z * (0.42278433509846713 + z * (top / bottom));
}

/**
 * ψ(x) = Γ′(x) / Γ(x). Within 6 ulp for x > 0, next to the root 1.4616... too. For x < 0 the error
 * is below 6 ulp of the larger of ln(2 − x) and the result. ∓Infinity at ±0, NaN at the negative
 * whole numbers and at −Infinity. W. J. Cody, A. J. Strecok and H. C. Thacher, "Chebyshev
 * approximations for the psi function", Math. Comp. 27, 1973.
 */
export function digamma(x: number): number {
  if (x > 3) return digammaHigh(x);
  if (x > 2.5) return digammaNearRoot(x - 1) + 1 / (x - 1);
  if (x >= 0.5) return digammaNearRoot(x);
  if (x >= 0) return digammaNearRoot(x + 1) - 1 / x;
  return digammaByReflection(x);
}

/** x < 0, or NaN: ψ(1 − x) − π cot(πx) */
function digammaByReflection(x: number): number {
  if (!(x < 0) || Number.isInteger(x) || x === -Infinity) return NaN;
  return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
}

/** x > 3 (Cody, Strecok and Thacher 1973). */
function digammaHigh(x: number): number {
  const s = 1 / (x * x);
  let top =
    ((-2.7103228277757834 * s - 15.166271776896121) * s - 19.78455414871922) * s -
    8.810095882831222;
  top = ((top * s - 1.4479614616899843) * s - 7.368960033239455e-2) * s - 6.513538773271817e-21;
  let bottom = ((s + 44.992760373789366) * s + 202.40955312679933) * s + 247.3697900331529;
  bottom = ((bottom * s + 107.42543875702278) * s + 17.46396506067857) * s + 0.8842752039887348;
  return Math.log(x) - 0.5 / x + top / bottom;
}

/**
 * ½ ≤ x ≤ 3, as a multiple of x − root; the root is written in two parts (Cody, Strecok and
 * Thacher 1973).
 */
function digammaNearRoot(x: number): number {
  let top =
    ((4.510468124576293e-3 * x + 5.493285583300038) * x + 376.4669317592928) * x + 7952.5490849152;
  top = ((top * x + 71451.59581895193) * x + 306559.76301987365) * x + 636069.9778896446;
  top = (top * x + 580413.1278353757) * x + 165856.95029761022;
  let bottom = ((x + 96.14165477422236) * x + 2628.771579058119) * x + 29862.49702225028;
  bottom = ((bottom * x + 162065.66091533672) * x + 434878.8071276833) * x + 542563.8453726999;
  bottom = (bottom * x + 242421.8500201799) * x + 6.4155223783576226e-8;
  return (top / bottom) * (x - 1.4616321449683622 - 9.549995429965697e-17);
}

/** sin(πx); x less its nearest whole number is exact, π times x would not be. */
function sinPi(x: number): number {
  const nearest = Math.round(x);
  const sine = Math.sin(Math.PI * (x - nearest));
  return nearest % 2 === 0 ? sine : -sine;
}

/**
 * Bₖ / k! for k = 2, 4, ..., 22 (B: Bernoulli numbers), the coefficients of the Euler–Maclaurin
 * sum.
 */
const BERNOULLI_OVER_FACTORIAL: readonly number[] = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
  43867 / 5109094217170944000,
  -174611 / 802857662698291200000,
  77683 / 14101100039391805440000,
];

/**
 * n-th derivative of digamma, (−1)ⁿ⁺¹ n! Σ 1 / (x + k)ⁿ⁺¹ over k ≥ 0, for whole n from 1 to 170,
 * else NaN. Within 3 ulp for x > 0; for x < 0 the error is below 3 ulp of the sum's largest term.
 * At 0, −1, −2, ... Infinity for odd n; for even n ∓Infinity at ±0 and NaN at the others.
 * Recurrence and asymptotic series (Abramowitz and Stegun 1964, 6.4.6, 6.4.11).
 */
export function polygamma(n: number, x: number): number {
  if (!Number.isInteger(n) || n < 1 || n > 170 || x === -Infinity) return NaN;
  if (x === Infinity) return 0;
  const odd = n % 2 === 1;
  if (x <= 0 && Number.isInteger(x)) return odd ? Infinity : x === 0 ? -1 / x : NaN;
  const sum = x > 0 ? inversePowerSum(n, x) : inversePowerSumBelowZero(n, x);
  return odd ? sum : -sum;
}

/**
 * The same sum for x < 0: that over all whole k, which depends only on r = x − round(x), less the
 * part with k < 0. The term next to the pole is computed from r, which is exact; derivatives of
 * the cotangent would magnify its error n times.
 */
function inversePowerSumBelowZero(n: number, x: number): number {
  const r = x - Math.round(x);
  const parity = n % 2 === 1 ? 1 : -1;
  const others =
    inversePowerSum(n, 1 + r) + parity * (inversePowerSum(n, 1 - r) - inversePowerSum(n, 1 - x));
  return others + inversePower(n, r);
}

/** n! Σ 1 / (x + k)ⁿ⁺¹ over k ≥ 0, for x > 0, the small terms first so that little is lost. */
function inversePowerSum(n: number, x: number): number {
  const steps = Math.max(0, Math.ceil(n + 10 - x));
  let sum = inversePowerTail(n, x + steps) * shiftCorrection(n, x, steps);
  for (let k = steps - 1; k >= 0; k--) sum += inversePower(n, x + k) * shiftCorrection(n + 1, x, k);
  return sum;
}

/** (x + k)⁻ᵖ is steep: to first order, the factor that undoes the rounding of x + k. */
function shiftCorrection(p: number, x: number, k: number): number {
  const shifted = x + k;
  const lost = x - (shifted - k);
  return 1 - (p * lost) / shifted;
}

/** n! Σ 1 / (x + k)ⁿ⁺¹ over k ≥ 0, for x ≥ n + 10 (Abramowitz and Stegun 1964, 6.4.11). */
function inversePowerTail(n: number, x: number): number {
  let series = (0.5 * n) / x;
  let rising = 1;
  let order = n;
  for (const coefficient of BERNOULLI_OVER_FACTORIAL) {
    rising *= (order / x) * ((order + 1) / x);
    series += coefficient * rising;
    order += 2;
  }
  return inversePower(n - 1, x) * (1 + series);
}

/** n! / xⁿ⁺¹ */
function inversePower(n: number, x: number): number {
  const power = Math.pow(x, -n - 1);
  if (Math.abs(power) > 1e-290) return factorial(n) * power;
  const half = n >> 1; // in two parts, so that nothing underflows that n! would have brought back
  return factorial(n) * Math.pow(x, -half) * Math.pow(x, half - n - 1);
}
