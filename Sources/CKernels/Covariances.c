#include "CKernels.h"

#include <stdint.h>
#include <string.h>

#include "Cloned.h"

// sqrt may set errno, which would keep a loop scalar.
#if defined(__has_builtin)
#if __has_builtin(__builtin_elementwise_sqrt)
#define SQUARE_ROOT(x) __builtin_elementwise_sqrt(x)
#endif
#endif
#ifndef SQUARE_ROOT
#define SQUARE_ROOT(x) sqrt(x)
#endif

// Loops run over whole blocks of this many elements; what is left over goes through a buffer of one block, so that no
// element is computed by other instructions than its neighbours.
enum { BLOCK = 8 };

// e^−a for a ≥ 0, within 2e-16 of it, relatively; 0 beyond 708.
//
// With a = n·ln 2 − r and |r| ≤ ½·ln 2: 2^−n · (1 + r + r²·q(r)), q of degree 9 by interpolation of (e^r − 1 − r)/r² at
// Chebyshev points. Adding 1.5·2^52 rounds to an integer, which then stands in the lowest bits.
static inline double decay(double a) {
  const double shift = 0x1.8p52;
  double x = a > 709 ? -709 : -a;  // a NaN stays
  double shifted = x * 0x1.71547652b82fep+0 + shift;
  double n = shifted - shift;
  double r = x - n * 0x1.62e42fee00000p-1 - n * 0x1.a39ef35793c76p-33;
  double q = 0x1.af38a9b0ec855p-26;
  q = q * r + 0x1.289185613a3d6p-22;
  q = q * r + 0x1.71de0dae63bb3p-19;
  q = q * r + 0x1.a019b90d2ae7ap-16;
  q = q * r + 0x1.a01a01a7c41d5p-13;
  q = q * r + 0x1.6c16c1788bd90p-10;
  q = q * r + 0x1.11111111109b3p-7;
  q = q * r + 0x1.5555555553d63p-5;
  q = q * r + 0x1.5555555555556p-3;
  q = q * r + 0.5;
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  double result = power * (1 + (r + r * r * q));
  return a > 708 ? 0 : result;
}

// a = √(factor · s²), kept finite: beyond 1e6 the decay is 0, and the polynomial before it must not be infinite.
static inline double root(double factor, double squared) {
  double a = SQUARE_ROOT(factor * squared);
  return a > 1e6 ? 1e6 : a;
}

static inline double matern52(double scale, double squared, double *slope) {
  double a = root(5, squared);
  double e = scale * decay(a);
  double rise = 1 + a;
  *slope = 5.0 / 3.0 * rise * e;
  return (rise + a * a * (1.0 / 3.0)) * e;
}

static inline double matern32(double scale, double squared, double *slope) {
  double a = root(3, squared);
  double e = scale * decay(a);
  *slope = 3 * e;
  return (1 + a) * e;
}

static inline double squared_exponential(double scale, double squared, double *slope) {
  double e = scale * decay(0.5 * squared);
  *slope = e;
  return e;
}

#define COVARIANCE(correlation)                                                                                       \
  CLONED void ckernels_##correlation(double scale, double *values, size_t count) {                                    \
    size_t whole = count / BLOCK * BLOCK, rest = count - whole;                                                       \
    double unused;                                                                                                    \
    EIGHT_AT_A_TIME for (size_t i = 0; i < whole; i++) values[i] = correlation(scale, values[i], &unused);            \
    if (rest == 0) return;                                                                                            \
    double last[BLOCK] = {0};                                                                                         \
    memcpy(last, values + whole, rest * sizeof(double));                                                              \
    EIGHT_AT_A_TIME for (size_t i = 0; i < BLOCK; i++) last[i] = correlation(scale, last[i], &unused);                \
    memcpy(values + whole, last, rest * sizeof(double));                                                              \
  }                                                                                                                   \
  CLONED void ckernels_##correlation##_slopes(double scale, double *restrict values, double *restrict slopes,         \
                                              size_t count) {                                                         \
    size_t whole = count / BLOCK * BLOCK, rest = count - whole;                                                       \
    EIGHT_AT_A_TIME for (size_t i = 0; i < whole; i++) {                                                              \
      double slope;                                                                                                   \
      values[i] = correlation(scale, values[i], &slope);                                                              \
      slopes[i] = slope;                                                                                              \
    }                                                                                                                 \
    if (rest == 0) return;                                                                                            \
    double last[BLOCK] = {0}, lastSlopes[BLOCK];                                                                      \
    memcpy(last, values + whole, rest * sizeof(double));                                                              \
    EIGHT_AT_A_TIME for (size_t i = 0; i < BLOCK; i++) {                                                              \
      double slope;                                                                                                   \
      last[i] = correlation(scale, last[i], &slope);                                                                  \
      lastSlopes[i] = slope;                                                                                          \
    }                                                                                                                 \
    memcpy(values + whole, last, rest * sizeof(double));                                                              \
    memcpy(slopes + whole, lastSlopes, rest * sizeof(double));                                                        \
  }

COVARIANCE(matern52)
COVARIANCE(matern32)
COVARIANCE(squared_exponential)

// cos x: with x = n·π + r and |r| ≤ π/2 it is (−1)^n·cos r, by the Taylor polynomial of degree 22 (next term 8e-20). π in
// three parts keeps n·π exact while n < 2^20.
static inline double cosine(double x) {
  const double shift = 0x1.8p52;
  double shifted = x * 0x1.45f306dc9c883p-2 + shift;
  double n = shifted - shift;
  double r = x - n * 0x1.921fb54400000p+1 - n * 0x1.0b4611a600000p-33 - n * 0x1.3198a2e037073p-68;
  double s = r * r;
  double p = -0x1.0ce396db7f853p-70;
  p = p * s + 0x1.e542ba4020225p-62;
  p = p * s + -0x1.6827863b97d97p-53;
  p = p * s + 0x1.ae7f3e733b81fp-45;
  p = p * s + -0x1.93974a8c07c9dp-37;
  p = p * s + 0x1.1eed8eff8d898p-29;
  p = p * s + -0x1.27e4fb7789f5cp-22;
  p = p * s + 0x1.a01a01a01a01ap-16;
  p = p * s + -0x1.6c16c16c16c17p-10;
  p = p * s + 0x1.5555555555555p-5;
  p = p * s + -0x1.0000000000000p-1;
  p = p * s + 0x1.0000000000000p+0;
  uint64_t sign, bits;
  memcpy(&sign, &shifted, sizeof sign);
  memcpy(&bits, &p, sizeof bits);
  bits ^= sign << 63;
  memcpy(&p, &bits, sizeof p);
  return p;
}

CLONED void ckernels_cosines(double *values, size_t count) {
  size_t whole = count / BLOCK * BLOCK, rest = count - whole;
  EIGHT_AT_A_TIME for (size_t i = 0; i < whole; i++) values[i] = cosine(values[i]);
  if (rest == 0) return;
  double last[BLOCK] = {0};
  memcpy(last, values + whole, rest * sizeof(double));
  EIGHT_AT_A_TIME for (size_t i = 0; i < BLOCK; i++) last[i] = cosine(last[i]);
  memcpy(values + whole, last, rest * sizeof(double));
}
