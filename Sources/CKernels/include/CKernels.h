// Loops over doubles that Swift does not vectorise: radial covariances and the passes over triangles around them.
//
// On x86-64 each function exists for AVX-512, for AVX2 and for every other processor; the first call chooses. Results on
// one kind of processor are the same bit for bit; between kinds they differ by rounding.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>

// Radial covariances. Each replaces `count` squared distances s² ≥ 0 by k = scale · c(s²); those with slopes also write
// B = −2·∂k/∂(s²). Where e^−a would fall below the smallest normal number (a > 708) both are 0; a NaN stays one.

// Matérn 5/2, a = √(5s²): k = scale · (1 + a + a²/3)·e^−a, B = scale · 5/3·(1 + a)·e^−a.
void ckernels_matern52(double scale, double *values, size_t count);
void ckernels_matern52_slopes(double scale, double *values, double *slopes, size_t count);

// Matérn 3/2, a = √(3s²): k = scale · (1 + a)·e^−a, B = scale · 3·e^−a.
void ckernels_matern32(double scale, double *values, size_t count);
void ckernels_matern32_slopes(double scale, double *values, double *slopes, size_t count);

// Squared exponential: k = B = scale · e^(−s²/2).
void ckernels_squared_exponential(double scale, double *values, size_t count);
void ckernels_squared_exponential_slopes(double scale, double *values, double *slopes, size_t count);

// Replaces each value by its cosine, within 2e-16 of it for |x| < 3e6.
void ckernels_cosines(double *values, size_t count);

#endif
